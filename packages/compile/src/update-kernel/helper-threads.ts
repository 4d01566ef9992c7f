/** Threads that share the kernel's memory and take a part of its calls. Node only; elsewhere there are none. */

/** One call of an exported function, by its place among the exports. */
export interface PlacedCall {
  readonly place: number;
  readonly values: readonly number[];
}

export interface HelperThreads {
  readonly count: number;
  /**
   * Starts the calls of each thread (none where no list is left), runs `own` meanwhile on this one, and returns when all
   * are done.
   */
  run(calls: readonly (readonly PlacedCall[])[], own: () => void): void;
  close(): Promise<void>;
}

/** What is used of Node's worker threads. */
interface NodeWorker {
  unref(): void;
  terminate(): Promise<number>;
}
interface WorkerThreads {
  readonly Worker: new (code: string, options: { eval: true; workerData: unknown }) => NodeWorker;
}
interface NodeProcess {
  getBuiltinModule?(id: string): unknown;
}

/** Words of the control block, before the calls. */
const control = { start: 0, done: 1, header: 2 } as const;
/** Room for the calls of one thread. */
const callWords = 16_384;

/**
 * Plain JavaScript of a thread: waits for a start, makes its calls, counts itself done. As text, so that no bundler
 * has to find a file.
 */
const source = `
const { workerData: { module, memory, shared, index, callWords } } = require("node:worker_threads");
const words = new Int32Array(shared);
const functions = Object.values(new WebAssembly.Instance(module, { env: { memory } }).exports);
const first = ${control.header} + index * callWords;
for (let start = 0; ; start++) {
  while (Atomics.load(words, ${control.start}) === start) Atomics.wait(words, ${control.start}, start);
  try {
    for (let at = first + 1, left = words[first]; left > 0; left--) {
      const target = functions[words[at]];
      const end = at + 2 + words[at + 1];
      target(...words.subarray(at + 2, end));
      at = end;
    }
  } finally {
    // Also when a call failed: the error then ends the program, and nobody waits for ever.
    Atomics.add(words, ${control.done}, 1);
    Atomics.notify(words, ${control.done});
  }
}`;

/** @returns `undefined` where threads cannot be had, or fewer than one is wanted. */
export function startHelperThreads(
  count: number,
  compiled: { readonly module: object; readonly memory: object },
): HelperThreads | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  // Not an import: a bundler for the browser would look for the module.
  const threads = process?.getBuiltinModule?.("node:worker_threads") as WorkerThreads | undefined;
  if (threads === undefined || count < 1) return undefined;
  const shared = new SharedArrayBuffer(4 * (control.header + count * callWords));
  const words = new Int32Array(shared);
  const workers = Array.from({ length: count }, (_, index) => {
    const workerData = { ...compiled, shared, index, callWords };
    const worker = new threads.Worker(source, { eval: true, workerData });
    // A training that nobody closed must not keep the program alive.
    worker.unref();
    return worker;
  });
  return {
    count,
    run(calls, own) {
      for (let index = 0; index < count; index++) {
        writeCalls(words, control.header + index * callWords, calls[index] ?? []);
      }
      Atomics.store(words, control.done, 0);
      Atomics.add(words, control.start, 1);
      Atomics.notify(words, control.start);
      own();
      for (let done = Atomics.load(words, control.done); done < count; ) {
        Atomics.wait(words, control.done, done);
        done = Atomics.load(words, control.done);
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function writeCalls(words: Int32Array, first: number, calls: readonly PlacedCall[]): void {
  words[first] = calls.length;
  let at = first + 1;
  for (const { place, values } of calls) {
    words[at] = place;
    words[at + 1] = values.length;
    words.set(values, at + 2);
    at += 2 + values.length;
  }
}
