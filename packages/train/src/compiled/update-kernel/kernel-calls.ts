/** The calls of one update: which function on which addresses, and which part of them each thread makes. */
import type { UpdateGroup, UpdateProgram } from "@attune/trace";
import { checkFinite } from "./check-finite.ts";
import { compileGroup, groupKey, laneBytes } from "./compile-group.ts";
import { type HelperThreads, type KernelCall, startHelperThreads } from "./helper-threads.ts";
import type { Layout } from "./plan-memory.ts";
import { clearRows, scatterRows } from "./rows.ts";
import type { WasmCall, WasmMemory } from "./wasm-memory.ts";

export interface KernelCalls {
  readonly scatter: WasmCall;
  readonly clear: WasmCall;
  readonly check: WasmCall;
  /** Updates every group, on all threads. */
  update(): void;
  close(): Promise<void>;
}

/** Programs below this many elements are done before another thread has woken up. */
export const fewElements = 400_000;
/** A part of a group starts at a whole cache line. */
const partBytes = 64;

/** Functions of groups that do the same are shared. */
export function createKernelCalls(
  { groups }: UpdateProgram,
  memory: WasmMemory,
  layout: Layout,
  threadCount: number,
): KernelCalls {
  const targets = new Map<string, number>();
  const updates = groups.flatMap((group) => {
    const key = groupKey(group);
    if (targets.has(key)) return [];
    targets.set(key, targets.size);
    return [compileGroup(`update_${targets.size - 1}`, group)];
  });
  const { calls, shared } = memory.compile([...updates, scatterRows, clearRows, checkFinite]);
  const [scatter, clear, check] = calls.slice(updates.length) as [WasmCall, WasmCall, WasmCall];
  const helpers = startHelperThreads(threadCount - 1, shared);
  const shares = shareOut(groups, layout, targets, 1 + (helpers?.count ?? 0));
  const [own = [], ...others] = shares;
  const makeOwn = () => {
    for (const { target, values } of own) calls[target]?.(...values);
  };
  return {
    scatter,
    clear,
    check,
    update: helpers === undefined ? makeOwn : () => (helpers as HelperThreads).run(others, makeOwn),
    close: async () => helpers?.close(),
  };
}

/** Every group is cut into as many parts as there are threads. */
function shareOut(
  groups: readonly UpdateGroup[],
  layout: Layout,
  targets: ReadonlyMap<string, number>,
  threads: number,
): KernelCall[][] {
  return Array.from({ length: threads }, (_, thread) =>
    groups.flatMap((group) => {
      const bytes = Math.ceil((4 * group.size) / laneBytes) * laneBytes;
      const cut = (at: number) => Math.min(bytes, Math.ceil((bytes * at) / threads / partBytes) * partBytes);
      const [from, to] = [cut(thread), cut(thread + 1)];
      if (from >= to) return [];
      const tensors = [...group.states, ...group.gradients].map((name) => layout.addressOf(name) + from);
      return [
        { target: targets.get(groupKey(group)) ?? 0, values: [to - from, ...tensors, layout.scalarAddress] },
      ];
    }),
  );
}
