/** The threads that work on the kernel's memory, the calling one among them, and what they can be told to do. */
import { type PlacedCall, startHelperThreads } from "./helper-threads.ts";
import type { WasmMemory } from "./wasm-memory.ts";
import type { WasmFunction } from "./wasm-module.ts";

/** One call of a compiled function. */
export interface KernelCall {
  readonly target: WasmFunction;
  readonly values: readonly number[];
}

export interface KernelThreads {
  /** At least 1; the calling thread is the first. */
  readonly count: number;
  /**
   * Makes every call and returns when all are done: the calls of one list in their order on one thread, the lists at the
   * same time. So no list may write what another one reads or writes.
   *
   * @param lists - at most `count`. Nobody is woken for empty ones.
   */
  run(lists: readonly (readonly KernelCall[])[]): void;
  /** Ends the threads that help. */
  close(): Promise<void>;
}

/** What a helper is told at a time has room for so many calls of some thirty values. */
const callsAtOnce = 500;

/**
 * @param functions - all that will be called.
 * @param wanted - how many threads; there are fewer where they cannot be had.
 */
export function startKernelThreads(
  memory: WasmMemory,
  functions: readonly WasmFunction[],
  wanted: number,
): KernelThreads {
  const { calls, shared } = memory.compile(functions);
  const places = new Map(functions.map((target, place) => [target, place]));
  const helpers = startHelperThreads(wanted - 1, shared);

  const placed = ({ target, values }: KernelCall): PlacedCall => {
    const place = places.get(target);
    if (place === undefined) throw new RangeError(`${target.name} was not compiled for these threads`);
    return { place, values };
  };

  return {
    count: 1 + (helpers?.count ?? 0),
    run(lists) {
      const longest = Math.max(0, ...lists.map(({ length }) => length));
      for (let from = 0; from < longest; from += callsAtOnce) {
        const part = (list: readonly KernelCall[]) => list.slice(from, from + callsAtOnce).map(placed);
        const [own = [], ...others] = lists.map(part);
        const makeOwn = () => {
          for (const { place, values } of own) calls[place]?.(...values);
        };
        if (helpers === undefined || others.every(({ length }) => length === 0)) makeOwn();
        else helpers.run(others, makeOwn);
      }
    },
    close: async () => helpers?.close(),
  };
}
