/** Batches from a stream of blocks of rows, through a buffer that shuffles them. */
import { AttuneError } from "@attune/contracts";
import { createRandom, type Random } from "@attune/numeric";
import type { Batch, Sizes } from "../tensors.ts";
import type { Data } from "./read-data.ts";
import { type Columns, copyRow, createColumns, toBatch, toColumns } from "./rows.ts";
import type { BatchSource, SizedBatch, SourceOptions, Stream } from "./source.ts";

export interface StreamOptions extends SourceOptions {
  /** Name of the training, for errors. */
  readonly kind: string;
  readonly seed: number;
  /**
   * Brings a block into the form of the signature and checks it.
   *
   * @throws {AttuneError} `TRAIN_DATA`
   */
  readonly accept: (
    block: Data,
  ) => Promise<{ readonly batch: Batch; readonly sizes: Sizes; readonly rowCount: number }>;
  readonly rowDim: number | string;
}

export function createStreamSource(stream: Stream, options: StreamOptions): BatchSource {
  const random = createRandom(options.seed).fork("shuffle");
  return {
    batchCount: undefined,
    async *batches(epoch, skip) {
      const blocks = acceptBlocks(stream(epoch), options);
      const batches =
        options.batchSize === "block" ? blocks : regroup(blocks, random.fork(`epoch ${epoch}`), options);
      let index = 0;
      for await (const batch of batches) if (index++ >= skip) yield batch;
    },
  };
}

async function* acceptBlocks(blocks: AsyncIterable<Data> | Iterable<Data>, { accept }: StreamOptions) {
  for await (const block of blocks) yield await accept(block);
}

/** Blocks of any size → batches of one size, in shuffled order. */
async function* regroup(
  blocks: AsyncIterable<SizedBatch>,
  random: Random,
  options: StreamOptions,
): AsyncIterable<SizedBatch> {
  const batchSize = Number(options.batchSize);
  let grouper: Grouper | undefined;
  let sizes: Sizes = {};
  const take = (rowCount: number, target: Columns): SizedBatch => {
    const { rowDim } = options;
    const given = typeof rowDim === "string" ? { ...sizes, [rowDim]: rowCount } : sizes;
    return { batch: toBatch(target, rowCount), sizes: given, rowCount };
  };
  for await (const block of blocks) {
    ({ sizes } = block);
    const columns = toColumns(block.batch);
    checkRowSizes(options.kind, grouper?.like, columns);
    grouper ??= createGrouper(columns, batchSize, options.shuffleRows ?? 0, random);
    for (let row = 0; row < block.rowCount; row++) {
      if (grouper.add(columns, row) === batchSize) yield take(batchSize, grouper.flush());
    }
  }
  if (grouper === undefined) return;
  for (const row of grouper.listRest()) {
    if (grouper.addFromBuffer(row) === batchSize) yield take(batchSize, grouper.flush());
  }
  if (grouper.count > 0 && options.remainder === "keep") yield take(grouper.count, grouper.flush());
}

/** @throws {AttuneError} `TRAIN_DATA` when rows are of another size than those before. */
function checkRowSizes(kind: string, known: Columns | undefined, columns: Columns): void {
  const issues = Object.entries(columns).flatMap(([name, { rowDims }]) => {
    const before = known?.[name]?.rowDims ?? rowDims;
    return before.join() === rowDims.join()
      ? []
      : [
          `${name}: rows of [${rowDims.join(", ")}] after rows of [${before.join(", ")}]; give all blocks of a stream rows of one size, or batchSize "block"`,
        ];
  });
  if (issues.length > 0) throw new AttuneError("TRAIN_DATA", { kind, issues });
}

interface Grouper {
  readonly like: Columns;
  /** Rows in the batch that is being filled. */
  readonly count: number;
  /** Takes in a row; gives the size of the batch afterwards. */
  add(from: Columns, row: number): number;
  addFromBuffer(row: number): number;
  /** Rows that the buffer still holds, in the order in which they are to leave. */
  listRest(): Int32Array;
  /** The batch, which is empty again. */
  flush(): Columns;
}

/** A full buffer gives a row at random for every row that comes in. */
function createGrouper(like: Columns, batchSize: number, bufferSize: number, random: Random): Grouper {
  const buffer = createColumns(like, bufferSize);
  const target = createColumns(like, batchSize);
  let held = 0;
  let count = 0;
  const put = (from: Columns, row: number): number => {
    copyRow(from, row, target, count);
    return ++count;
  };
  return {
    like,
    get count() {
      return count;
    },
    add(from, row) {
      if (bufferSize === 0) return put(from, row);
      if (held < bufferSize) {
        copyRow(from, row, buffer, held++);
        return count;
      }
      const leaving = random.integer(bufferSize);
      const size = put(buffer, leaving);
      copyRow(from, row, buffer, leaving);
      return size;
    },
    addFromBuffer: (row) => put(buffer, row),
    listRest: () => random.shuffle(Int32Array.from({ length: held }, (_, row) => row)),
    flush() {
      count = 0;
      return target;
    },
  };
}
