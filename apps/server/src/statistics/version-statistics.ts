/** What a version has done since it was loaded: counts and times that only grow, for clients that take differences. */

/** How often, and for how long all together. */
export interface Tally {
  readonly count: number;
  readonly ns: number;
}

/** One call of the infer route, however many rows it had. */
export interface ObservedCall {
  readonly succeeded: boolean;
  /** From the request's arrival at the route to its answer, in milliseconds. */
  readonly totalMs: number;
  /** Of a call that succeeded: tensors in, and tensors out. */
  readonly decodeMs?: number;
  readonly encodeMs?: number;
}

export interface StatisticsReading {
  /** Epoch milliseconds of the last call that succeeded; 0 before the first. */
  readonly lastCallAt: number;
  /** Rows answered, whichever route asked. */
  readonly rows: number;
  /** Runs of the graph. */
  readonly runs: number;
  readonly success: Tally;
  readonly fail: Tally;
  /** Of rows. */
  readonly queue: Tally;
  /** Of calls. */
  readonly decode: Tally;
  /** Of rows: each is counted with the whole run it was in. */
  readonly compute: Tally;
  /** Of calls. */
  readonly encode: Tally;
  /** Rows in a run → the runs of so many, smallest first. */
  readonly batches: ReadonlyMap<number, Tally>;
}

export interface VersionStatistics {
  /** One row waited in the queue. */
  observeWait(waitMs: number): void;
  /** One run of the graph, with so many rows. */
  observeRun(rows: number, durationMs: number): void;
  observeCall(call: ObservedCall): void;
  read(): StatisticsReading;
}

interface Sum {
  count: number;
  ns: number;
}

const nsPerMs = 1e6;

export function createVersionStatistics(now: () => number = Date.now): VersionStatistics {
  const success = zero();
  const fail = zero();
  const queue = zero();
  const decode = zero();
  const compute = zero();
  const encode = zero();
  const batches = new Map<number, Sum>();
  let lastCallAt = 0;
  let runs = 0;

  return {
    observeWait(waitMs) {
      add(queue, waitMs);
    },
    observeRun(rows, durationMs) {
      runs++;
      add(compute, rows * durationMs, rows);
      const batch = batches.get(rows) ?? zero();
      add(batch, durationMs);
      batches.set(rows, batch);
    },
    observeCall({ succeeded, totalMs, decodeMs = 0, encodeMs = 0 }) {
      add(succeeded ? success : fail, totalMs);
      if (!succeeded) return;
      lastCallAt = now();
      add(decode, decodeMs);
      add(encode, encodeMs);
    },
    read: () => ({
      lastCallAt,
      rows: compute.count,
      runs,
      success: tally(success),
      fail: tally(fail),
      queue: tally(queue),
      decode: tally(decode),
      compute: tally(compute),
      encode: tally(encode),
      batches: new Map(
        [...batches].toSorted(([a], [b]) => a - b).map(([rows, batch]) => [rows, tally(batch)]),
      ),
    }),
  };
}

const zero = (): Sum => ({ count: 0, ns: 0 });

function add(sum: Sum, ms: number, count = 1): void {
  sum.count += count;
  sum.ns += ms * nsPerMs;
}

/** Whole nanoseconds: readers take them for unsigned integers. */
const tally = ({ count, ns }: Sum): Tally => ({ count, ns: Math.round(ns) });
