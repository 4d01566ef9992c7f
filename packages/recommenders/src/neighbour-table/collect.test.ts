import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createNeighbourCollector } from "./collect.ts";
import { neighboursWithin, pruneTable } from "./table.ts";

/** Few distinct values, so that ties are common. */
const square = fc.integer({ min: 2, max: 30 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    values: fc.array(fc.integer({ min: -4, max: 4 }), { minLength: n * n, maxLength: n * n }),
    kept: fc.integer({ min: 1, max: n + 2 }),
  }),
);

function collect(n: number, values: readonly number[], kept: number) {
  const collector = createNeighbourCollector(n, kept);
  for (let item = 0; item < n; item++) {
    collector.add(item, Float64Array.from(values.slice(item * n, (item + 1) * n)));
  }
  return collector.table();
}

describe("neighbour table", () => {
  test("holds the heaviest of each row, itself excluded, ties by lower index, padded with itself at 0", () => {
    fc.assert(
      fc.property(square, ({ n, values, kept }) => {
        const table = collect(n, values, kept);
        const width = Math.min(kept, n - 1);
        expect(table.neighboursPerItem).toBe(width);
        for (let source = 0; source < n; source++) {
          const expected = values
            .slice(source * n, (source + 1) * n)
            .map((weight, item) => ({ item, weight }))
            .filter(({ item, weight }) => item !== source && weight !== 0)
            .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.item - b.item)
            .slice(0, width);
          while (expected.length < width) expected.push({ item: source, weight: 0 });
          const [from, to] = [source * width, (source + 1) * width];
          expect([...table.indexes.slice(from, to)]).toEqual(expected.map(({ item }) => item));
          expect([...table.weights.slice(from, to)]).toEqual(expected.map(({ weight }) => weight));
        }
      }),
      { seed: 3 },
    );
  });

  test("is the same from the items that are not 0, in any order", () => {
    fc.assert(
      fc.property(square, fc.nat(), ({ n, values, kept }, turn) => {
        const collector = createNeighbourCollector(n, kept);
        for (let item = 0; item < n; item++) {
          const row = values.slice(item * n, (item + 1) * n);
          const touched = [...row.keys()].filter((at) => row[at] !== 0);
          const turned = touched.map((_, at) => touched[(at + turn) % touched.length]!).reverse();
          // Longer than the items, as a buffer is.
          const weights = Float64Array.of(...turned.map((at) => row[at]!), 99, 99);
          collector.addSome(item, Int32Array.from(turned), weights);
        }
        expect(collector.table()).toEqual(collect(n, values, kept));
      }),
      { seed: 3 },
    );
  });

  test("pruning is what collecting fewer would have given", () => {
    fc.assert(
      fc.property(square, fc.integer({ min: 1, max: 30 }), ({ n, values, kept }, fewer) => {
        expect(pruneTable(collect(n, values, kept), fewer)).toEqual(
          collect(n, values, Math.min(kept, fewer)),
        );
      }),
      { seed: 3 },
    );
  });

  test("a budget buys 8 bytes a neighbour, and never less than one per item", () => {
    expect(neighboursWithin(8_000_000, 1000)).toBe(1000);
    expect(neighboursWithin(8_000_000, 3650)).toBe(273);
    expect(neighboursWithin(10, 1000)).toBe(1);
  });
});
