/** A sparse matrix times a dense one in the kernel's memory, on all of its threads. */
import type { Tensor } from "@attune/contracts";
import { checkFinite } from "../update-kernel/check-finite.ts";
import { laneBytes } from "../update-kernel/compile-group.ts";
import { fewElements } from "../update-kernel/kernel-calls.ts";
import type { KernelCall, KernelThreads } from "../update-kernel/kernel-threads.ts";
import type { Compressed } from "./compress.ts";
import { sumRows } from "./sum-rows.ts";

/** Words between the marks of two threads: a cache line each. */
const markWords = 16;

/** Words of memory in which so many threads leave what they found. */
export function markLength(threadCount: number): number {
  return markWords * threadCount;
}

/**
 * result `[rows, width]` = sparse `[rows, n]` · table `[n, width]`. The same numbers whatever the threads: each row is one
 * thread's, and its sum is in order of the columns.
 *
 * Where the table holds a number that is not finite, all of the result is NaN: in a dense product 0 · ∞ would make it so.
 *
 * @param table - zeros lie behind it up to a whole register.
 * @param marks - `markLength` words of the kernel's memory.
 */
export function multiplySparse(
  result: Tensor<"float32">,
  { starts, places, values }: Compressed,
  table: Tensor<"float32">,
  { threads, marks }: { readonly threads: KernelThreads; readonly marks: Float32Array },
): void {
  const [rowCount = 0, width = 0] = result.dims;
  const entryCount = starts[rowCount] ?? 0;
  const work = entryCount * width + table.data.length;
  const count = work < fewElements ? 1 : threads.count;
  const rows = shareRows(starts, count);
  const bytes = Math.ceil(table.data.byteLength / laneBytes);
  const lists = Array.from({ length: count }, (_, part): KernelCall[] => {
    const [first = 0, last = 0] = rows.slice(part, part + 2);
    const addresses = [places, values, table.data].map(({ byteOffset }) => byteOffset);
    const [from, to] = [part, part + 1].map(
      (at) => table.data.byteOffset + laneBytes * Math.floor((bytes * at) / count),
    ) as [number, number];
    const [resultAt, startAt] = [result.data.byteOffset + 4 * width * first, starts.byteOffset + 4 * first];
    return [
      { target: sumRows, values: [resultAt, startAt, last - first, ...addresses, 4 * width] },
      { target: checkFinite, values: [from, to, marks.byteOffset + 4 * markWords * part] },
    ];
  });
  threads.run(lists);
  const isClean = lists.every((_, part) => marks[markWords * part] === 0);
  if (!isClean) result.data.fill(Number.NaN);
}

/** Where each part begins, and the last ends: about as many entries in each, and a row counts as one more. */
function shareRows(starts: Int32Array, count: number): number[] {
  const rowCount = starts.length - 1;
  const workBefore = (row: number) => (starts[row] as number) + row;
  return Array.from({ length: count + 1 }, (_, part) => {
    const wanted = (workBefore(rowCount) * part) / count;
    let [low, high] = [0, rowCount];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (workBefore(middle) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  });
}
