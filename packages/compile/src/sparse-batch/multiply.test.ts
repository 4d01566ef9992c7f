// The WebAssembly functions against plain loops in the same order, so to the last bit.
import type { Tensor } from "@attune/contracts";
import { createRandom } from "@attune/numeric";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkFinite } from "../update-kernel/check-finite.ts";
import { startKernelThreads } from "../update-kernel/kernel-threads.ts";
import { createWasmMemory } from "../update-kernel/wasm-memory.ts";
import {
  type Compressed,
  compressColumns,
  compressRows,
  hasMoreEntries,
  pieceLength,
  type Search,
} from "./compress.ts";
import { listEntries } from "./list-entries.ts";
import { markLength, multiplySparse } from "./multiply.ts";
import { sumRows } from "./sum-rows.ts";

type Float32Tensor = Tensor<"float32">;

/** Memory of a kernel, 32 MB, with some threads. What is taken starts at whole cache lines and ends in zeros. */
function createRoom(threadCount = 1) {
  const memory = createWasmMemory(2 ** 25, threadCount > 1);
  const threads = startKernelThreads(memory, [listEntries, sumRows, checkFinite], threadCount);
  let end = 0;
  const take = (length: number) => {
    const address = end;
    end += 64 * Math.ceil((4 * length) / 64);
    return [memory.buffer, address, length] as const;
  };
  const floats = (length: number) => new Float32Array(...take(length));
  const ints = (length: number) => new Int32Array(...take(length));
  const compressed = (count: number, capacity: number): Compressed => {
    return { starts: ints(count + 1), places: ints(capacity), values: floats(capacity) };
  };
  const search: Search = {
    piece: floats(pieceLength),
    groups: ints(pieceLength / 4),
    length: ints(1),
    threads,
  };
  return { threads, floats, compressed, search, marks: floats(markLength(threadCount)) };
}

/** Rows of a matrix as lists of [column, value], found the plain way. */
function listRows(matrix: Float32Array, width: number): [number, number][][] {
  return Array.from({ length: matrix.length / width }, (_, row) =>
    Array.from(matrix.subarray(row * width, (row + 1) * width))
      .map((value, column): [number, number] => [column, value])
      .filter(([, value]) => value !== 0),
  );
}

function listCompressed({ starts, places, values }: Compressed): [number, number][][] {
  return Array.from({ length: starts.length - 1 }, (_, row) =>
    Array.from(places.subarray(starts[row], starts[row + 1])).map((place, at): [number, number] => [
      place,
      values[starts[row]! + at]!,
    ]),
  );
}

function transpose(matrix: Float32Array, width: number): Float32Array {
  const rowCount = matrix.length / width;
  return Float32Array.from(matrix, (_, at) => matrix[(at % rowCount) * width + Math.floor(at / rowCount)]!);
}

/** Of which about this share is not 0. */
function sparseMatrix(size: number, density: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => (random.uniform() < density ? random.normal() : 0));
}

function compress(room: ReturnType<typeof createRoom>, matrix: Float32Array, width: number) {
  const count = matrix.reduce((sum, value) => sum + Number(value !== 0), 0);
  const rows = room.compressed(matrix.length / width, count + pieceLength);
  const columns = room.compressed(width, count);
  expect(compressRows(matrix, count, rows, room.search)).toBe(true);
  compressColumns(rows, columns);
  return { count, rows, columns };
}

describe("compressing", () => {
  test("finds what is not 0, NaN and the smallest numbers too, in matrices of any size", () => {
    const number = fc.constantFrom(0, 0, 0, 0, 0, -0, 1.5, -2, 1e-45, Number.NaN, Number.NEGATIVE_INFINITY);
    const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 19 }));
    const matrices = sizes.chain(([rowCount, width]) => {
      const length = rowCount * width;
      return fc.tuple(fc.constant(width), fc.array(number, { minLength: length, maxLength: length }));
    });
    const room = createRoom();
    fc.assert(
      fc.property(matrices, ([width, numbers]) => {
        const matrix = Float32Array.from(numbers);
        const { rows, columns } = compress(room, matrix, width);
        expect(listCompressed(rows)).toEqual(listRows(matrix, width));
        expect(listCompressed(columns)).toEqual(listRows(transpose(matrix, width), matrix.length / width));
      }),
    );
  });

  test("a matrix of several pieces, which starts at an odd place in memory", () => {
    const width = 601;
    const matrix = sparseMatrix(1 + 91 * width, 0.05, 3).subarray(1);
    expect(matrix.length).toBeGreaterThan(3 * pieceLength);
    const { rows, columns } = compress(createRoom(), matrix, width);
    expect(listCompressed(rows)).toEqual(listRows(matrix, width));
    expect(listCompressed(columns)).toEqual(listRows(transpose(matrix, width), 91));
  });

  test("one entry more than there may be is told", () => {
    const matrix = sparseMatrix(3 * pieceLength, 0.03, 4);
    const room = createRoom();
    const { count, rows } = compress(room, matrix, 64);
    expect(compressRows(matrix, count - 1, rows, room.search)).toBe(false);
    expect(hasMoreEntries(matrix, count - 1)).toBe(true);
    expect(hasMoreEntries(matrix, count)).toBe(false);
  });
});

/** The product in the kernel's order, rounded as it rounds. */
function multiplyPlainly(matrix: Float32Array, table: Float32Array, width: number): Float32Array {
  const rows = listRows(matrix, table.length / width);
  const result = new Float32Array(rows.length * width);
  for (const [row, entries] of rows.entries()) {
    for (const [place, value] of entries) {
      for (let column = 0; column < width; column++) {
        const at = row * width + column;
        result[at] = result[at]! + Math.fround(value * table[place * width + column]!);
      }
    }
  }
  return result;
}

function multiply(matrix: Float32Array, table: Float32Array, width: number, threadCount = 1) {
  const room = createRoom(threadCount);
  const { rows } = compress(room, matrix, table.length / width);
  const tensor = (count: number): Float32Tensor => {
    return { dtype: "float32", dims: [count, width], data: room.floats(count * width) };
  };
  const [result, factor] = [tensor(rows.starts.length - 1), tensor(table.length / width)];
  factor.data.set(table);
  // What lay there before is of no account.
  result.data.fill(7);
  multiplySparse(result, rows, factor, room);
  return { result: Float32Array.from(result.data), close: () => room.threads.close() };
}

describe("multiplying", () => {
  test.each([1, 3, 17, 600, 601])("%i columns, rows of 0 to many entries", (width) => {
    const [rowCount, count] = [23, 37];
    const matrix = sparseMatrix(rowCount * count, 0.2, width);
    // The first row, the last, and one between are empty; one is full.
    for (const row of [0, 11, rowCount - 1]) matrix.fill(0, row * count, (row + 1) * count);
    matrix.fill(0.7, 5 * count, 6 * count);
    const table = sparseMatrix(count * width, 1, width + 1);
    expect(multiply(matrix, table, width).result).toEqual(multiplyPlainly(matrix, table, width));
  });

  test("nothing but zeros", () => {
    const table = sparseMatrix(9 * 5, 1, 1);
    expect(multiply(new Float32Array(4 * 9), table, 5).result).toEqual(new Float32Array(4 * 5));
  });

  test("two and three threads give the numbers of one", async () => {
    const [rowCount, count, width] = [50, 700, 601];
    const matrix = sparseMatrix(rowCount * count, 0.04, 5);
    // Most of the work in one row.
    matrix.fill(0.3, 40 * count, 41 * count);
    const table = sparseMatrix(count * width, 1, 6);
    const expected = multiplyPlainly(matrix, table, width);
    for (const threadCount of [1, 2, 3]) {
      const { result, close } = multiply(matrix, table, width, threadCount);
      expect(result).toEqual(expected);
      await close();
    }
  });

  test.each([1, 2])(
    "a table that is not finite spoils all, also where no row picks it: %i thread(s)",
    async (threads) => {
      const [rowCount, count, width] = [3, 1001, 401];
      const matrix = new Float32Array(rowCount * count);
      matrix[5] = 1;
      for (const place of [0, 77_777, count * width - 1]) {
        const table = sparseMatrix(count * width, 1, 6);
        table[place] = Number.POSITIVE_INFINITY;
        const { result, close } = multiply(matrix, table, width, threads);
        expect(result.every(Number.isNaN)).toBe(true);
        await close();
      }
    },
  );
});
