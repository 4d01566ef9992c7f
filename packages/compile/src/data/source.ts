/** Where batches come from: rows in memory, or blocks of rows from a stream. */
import type { Batch, Sizes } from "../tensors.ts";
import type { Data } from "./read-data.ts";

/** Blocks of rows, of any size each, for one pass over the data. It is called once per pass, from 1. */
export type Stream = (epoch: number) => AsyncIterable<Data> | Iterable<Data>;

export interface SizedBatch {
  readonly batch: Batch;
  readonly sizes: Sizes;
  readonly rowCount: number;
}

export interface BatchSource {
  /** Batches of one pass; `undefined` where only the stream knows. */
  readonly batchCount: number | undefined;
  /**
   * The batches of a pass. A batch is overwritten when the next one is asked for.
   *
   * @param epoch - from 1; the order of the rows hangs on the seed and this number only.
   * @param skip - batches at the start to leave out.
   */
  batches(epoch: number, skip: number): AsyncIterable<SizedBatch> | Iterable<SizedBatch>;
}

export interface SourceOptions {
  /** Rows of a batch; `block` = each block of a stream is a batch as it is. */
  readonly batchSize: number | "block";
  /** The last batch of a pass, when it is smaller. */
  readonly remainder: "keep" | "drop";
  /** Rows of the buffer out of which a stream is shuffled; `undefined` = in the order given. */
  readonly shuffleRows: number | undefined;
}

export function isStream(data: Data | Stream): data is Stream {
  return typeof data === "function";
}
