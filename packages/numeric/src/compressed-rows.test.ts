import fc from "fast-check";
import { expect, test } from "vitest";
import { type CompressedRows, transposeRows } from "./compressed-rows.ts";

const sizes = fc.record({
  rowCount: fc.integer({ min: 1, max: 6 }),
  columnCount: fc.integer({ min: 1, max: 6 }),
});

/** Rows of (column, value) pairs; columns may repeat and be −1. */
const matrices = sizes.chain(({ rowCount, columnCount }) => {
  const entry = fc.tuple(fc.integer({ min: -1, max: columnCount - 1 }), fc.integer({ min: 1, max: 9 }));
  return fc
    .array(fc.array(entry, { maxLength: 5 }), { minLength: rowCount, maxLength: rowCount })
    .map((rows): CompressedRows => {
      let end = 0;
      return {
        rowCount,
        columnCount,
        offsets: Int32Array.of(0, ...rows.map((row) => (end += row.length))),
        columns: Int32Array.from(rows.flat(), ([column]) => column),
        values: Float32Array.from(rows.flat(), ([, value]) => value),
      };
    });
});

/** `[rows][columns]` values that stand there, in their order. */
function listEntries({ rowCount, offsets, columns, values }: CompressedRows): [number, number, number][] {
  return Array.from({ length: rowCount }, (_, row) =>
    Array.from({ length: offsets[row + 1]! - offsets[row]! }, (_, n): [number, number, number] => {
      const entry = offsets[row]! + n;
      return [row, columns[entry]!, values[entry]!];
    }),
  ).flat();
}

test("has every entry inside the matrix with row and column exchanged, rising in each row", () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const expected = listEntries(matrix)
        .filter(([, column]) => column >= 0)
        .map(([row, column, value]) => [column, row, value] as const)
        .toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(listEntries(transposeRows(matrix))).toEqual(expected);
    }),
  );
});
