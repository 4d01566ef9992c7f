/** Batches from rows in memory. */
import { createRandom } from "@attune/numeric";
import type { Batch, Sizes } from "../tensors.ts";
import { copyRow, createColumns, toBatch, toColumns } from "./rows.ts";
import type { BatchSource, SizedBatch, SourceOptions } from "./source.ts";

export interface MemoryOptions extends SourceOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** Sizes of the symbolic dims; `rowDim` is the one of the rows. */
  readonly sizes: Sizes;
  readonly rowDim: number | string;
}

/** @param data - checked: all tensors have the same number of rows. */
export function createMemorySource(data: Batch, rowCount: number, options: MemoryOptions): BatchSource {
  const { batchSize, remainder, shuffleRows, seed } = options;
  const columns = toColumns(data);
  const random = createRandom(seed).fork("shuffle");
  const rowsOfLast = rowCount % batchSize;
  const batchCount = Math.floor(rowCount / batchSize) + (rowsOfLast > 0 && remainder === "keep" ? 1 : 0);
  const prepared = new Map<number, ReturnType<typeof prepare>>();

  /** Room for a batch of so many rows, made once. */
  function prepare(count: number) {
    const target = createColumns(columns, count);
    const { rowDim, sizes } = options;
    const given = typeof rowDim === "string" ? { ...sizes, [rowDim]: count } : sizes;
    return { target, sized: { batch: toBatch(target, count), sizes: given, rowCount: count } };
  }

  return {
    batchCount,
    *batches(epoch, skip): Iterable<SizedBatch> {
      const order = Int32Array.from({ length: rowCount }, (_, row) => row);
      if (shuffleRows !== undefined) random.fork(`epoch ${epoch}`).shuffle(order);
      for (let index = skip; index < batchCount; index++) {
        const start = index * batchSize;
        const count = Math.min(batchSize, rowCount - start);
        const { target, sized } = prepared.get(count) ?? prepare(count);
        prepared.set(count, { target, sized });
        for (let row = 0; row < count; row++) copyRow(columns, order[start + row] as number, target, row);
        yield sized;
      }
    },
  };
}
