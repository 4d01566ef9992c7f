/** What of a matrix is not 0, by rows and by columns. NaN is not 0. */
import { laneBytes } from "../update-kernel/compile-group.ts";
import type { KernelThreads } from "../update-kernel/kernel-threads.ts";
import { listEntries } from "./list-entries.ts";

/** Entries of row r (or column c): `starts[r]` to `starts[r + 1]`. */
export interface Compressed {
  /** One more than there are rows. */
  readonly starts: Int32Array;
  /** The column of each entry (or its row), rising. */
  readonly places: Int32Array;
  readonly values: Float32Array;
}

/** Memory of the kernel in which entries are looked for. */
export interface SearchRoom {
  /** `pieceLength` numbers. */
  readonly piece: Float32Array;
  /** A quarter as many. */
  readonly groups: Int32Array;
  /** Of one number. */
  readonly length: Int32Array;
}

export interface Search extends SearchRoom {
  readonly threads: KernelThreads;
}

/** Numbers that are looked through at a time: they stay in the processor's cache. */
export const pieceLength = 16_384;

/** Whether more than `limit` of the numbers are not 0. Stops as soon as that is known. */
export function hasMoreEntries(matrix: Float32Array, limit: number): boolean {
  let count = 0;
  for (let at = 0; at < matrix.length; at++) {
    if (matrix[at] !== 0 && ++count > limit) return true;
  }
  return false;
}

/**
 * @param matrix - `[rows, width]`, anywhere.
 * @param into - in the kernel's memory, with room for `pieceLength` more entries than `limit`.
 * @returns whether there are no more entries than `limit`; if not, `into` is of no use.
 */
export function compressRows(
  matrix: Float32Array,
  limit: number,
  into: Compressed,
  { piece, groups, length, threads }: Search,
): boolean {
  const [place, value] = [into.places.byteOffset, into.values.byteOffset];
  length[0] = 0;
  for (let first = 0; first < matrix.length; first += pieceLength) {
    const part = matrix.subarray(first, first + pieceLength);
    piece.set(part);
    const end = laneBytes * Math.ceil(part.byteLength / laneBytes);
    piece.fill(0, part.length, end / 4);
    const values = [
      piece.byteOffset,
      piece.byteOffset + end,
      first,
      groups.byteOffset,
      place,
      value,
      length.byteOffset,
    ];
    threads.run([[{ target: listEntries, values }]]);
    if ((length[0] as number) / 4 > limit) return false;
  }
  splitRows(into, (length[0] as number) / 4, matrix.length);
  return true;
}

/** Places in the whole matrix become columns, and where each row starts. */
function splitRows({ starts, places }: Compressed, count: number, size: number): void {
  const width = size / (starts.length - 1);
  let row = 0;
  let rowStart = 0;
  starts[0] = 0;
  for (let entry = 0; entry < count; entry++) {
    const place = places[entry] as number;
    for (; place >= rowStart + width; rowStart += width) starts[++row] = entry;
    places[entry] = place - rowStart;
  }
  starts.fill(count, row + 1);
}

/** The entries of `rows` in order of their columns, and of their rows in each. */
export function compressColumns(rows: Compressed, { starts, places, values }: Compressed): void {
  const rowCount = rows.starts.length - 1;
  const count = rows.starts[rowCount] as number;
  starts.fill(0);
  for (let entry = 0; entry < count; entry++) {
    const next = (rows.places[entry] as number) + 1;
    starts[next] = (starts[next] as number) + 1;
  }
  for (let column = 1; column < starts.length; column++) {
    starts[column] = (starts[column] as number) + (starts[column - 1] as number);
  }
  for (let row = 0, entry = 0; row < rowCount; row++) {
    for (const end = rows.starts[row + 1] as number; entry < end; entry++) {
      const column = rows.places[entry] as number;
      const to = starts[column] as number;
      places[to] = row;
      values[to] = rows.values[entry] as number;
      starts[column] = to + 1;
    }
  }
  // Each start has moved to the next one's.
  starts.copyWithin(1, 0, starts.length - 1);
  starts[0] = 0;
}
