/** The calls of one update: which function on which addresses, and which part of them each thread makes. */
import type { UpdateGroup, UpdateProgram } from "@attune/trace";
import { checkFinite } from "./check-finite.ts";
import { compileGroup, groupKey, laneBytes } from "./compile-group.ts";
import { type KernelCall, type KernelThreads, startKernelThreads } from "./kernel-threads.ts";
import type { Layout } from "./plan-memory.ts";
import { clearRows, scatterRows } from "./rows.ts";
import type { WasmMemory } from "./wasm-memory.ts";
import type { WasmFunction } from "./wasm-module.ts";

export interface KernelCalls {
  readonly threads: KernelThreads;
  /** Updates every group, on all threads. */
  update(): void;
}

/** Programs below this many elements are done before another thread has woken up. */
export const fewElements = 400_000;
/** A part of a group starts at a whole cache line. */
const partBytes = 64;

/**
 * Functions of groups that do the same are shared.
 *
 * @param beside - functions for other work on the same memory.
 */
export function createKernelCalls(
  { groups }: UpdateProgram,
  memory: WasmMemory,
  layout: Layout,
  threadCount: number,
  beside: readonly WasmFunction[],
): KernelCalls {
  const updates = new Map<string, WasmFunction>();
  for (const group of groups) {
    const key = groupKey(group);
    if (!updates.has(key)) updates.set(key, compileGroup(`update_${updates.size}`, group));
  }
  const functions = [...updates.values(), scatterRows, clearRows, checkFinite, ...beside];
  const threads = startKernelThreads(memory, functions, threadCount);
  const shares = shareOut(groups, layout, updates, threads.count);
  return { threads, update: () => threads.run(shares) };
}

/** Every group is cut into as many parts as there are threads. */
function shareOut(
  groups: readonly UpdateGroup[],
  layout: Layout,
  updates: ReadonlyMap<string, WasmFunction>,
  threads: number,
): KernelCall[][] {
  return Array.from({ length: threads }, (_, thread) =>
    groups.flatMap((group) => {
      const target = updates.get(groupKey(group));
      const bytes = Math.ceil((4 * group.size) / laneBytes) * laneBytes;
      const cut = (at: number) => Math.min(bytes, Math.ceil((bytes * at) / threads / partBytes) * partBytes);
      const [from, to] = [cut(thread), cut(thread + 1)];
      if (target === undefined || from >= to) return [];
      const tensors = [...group.states, ...group.gradients].map((name) => layout.addressOf(name) + from);
      return [{ target, values: [to - from, ...tensors, layout.scalarAddress] }];
    }),
  );
}
