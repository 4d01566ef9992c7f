/** The calls of one update: which function on which addresses, and which part of them each thread makes. */
import type { UpdateGroup, UpdateProgram } from "@attune/trace";
import { checkFinite } from "./check-finite.ts";
import { compileGroup, groupKey, laneBytes } from "./compile-group.ts";
import { type KernelCall, type KernelThreads, startKernelThreads } from "./kernel-threads.ts";
import { alignAddress, type Layout, streamedTable, type TableLayout, wholeGradients } from "./plan-memory.ts";
import { addBins, updateByBins } from "./row-bins.ts";
import { countPlaces, sortPlaces } from "./sort-places.ts";
import type { WasmMemory } from "./wasm-memory.ts";
import type { WasmFunction } from "./wasm-module.ts";

export interface KernelCalls {
  readonly threads: KernelThreads;
  /** Updates every group, on all threads. */
  update(): void;
}

/** Programs below this many elements are done before another thread has woken up. */
export const fewElements = 400_000;

/** The functions of a group. */
interface Update {
  readonly whole: WasmFunction;
  readonly byBins: WasmFunction | undefined;
}

/** @param beside - functions for other work on the same memory. */
export function createKernelCalls(
  program: UpdateProgram,
  memory: WasmMemory,
  layout: Layout,
  threadCount: number,
  beside: readonly WasmFunction[],
): KernelCalls {
  const updates = compileUpdates(program);
  const compiled = [...updates.values()].flatMap(({ whole, byBins }) => (byBins ? [whole, byBins] : [whole]));
  const threads = startKernelThreads(
    memory,
    [...compiled, countPlaces, sortPlaces, addBins, checkFinite, ...beside],
    threadCount,
  );
  const additions = shareOut(threads.count, (share) => addToGradients(program, layout, share));
  const shares = shareOut(threads.count, (share) =>
    program.groups.flatMap((group) =>
      updateGroup(program, layout, group, updates.get(groupKey(group)) as Update, share),
    ),
  );
  return {
    threads,
    update() {
      if (additions.some(({ length }) => length > 0)) threads.run(additions);
      threads.run(shares);
    },
  };
}

/** Functions of groups that do the same are shared. */
function compileUpdates(program: UpdateProgram): Map<string, Update> {
  const updates = new Map<string, Update>();
  for (const group of program.groups) {
    const key = groupKey(group);
    const whole = updates.get(key)?.whole ?? compileGroup(`update_${updates.size}`, group);
    const isStreamed = streamedTable(program, group) !== undefined;
    const byBins = isStreamed ? updateByBins(whole, group.states.length) : undefined;
    updates.set(key, { whole, byBins: updates.get(key)?.byBins ?? byBins });
  }
  return updates;
}

/** The part of one thread. */
interface Share {
  readonly thread: number;
  /** Its part of `[0, count)`, from a multiple of `unit` on. */
  cut(count: number, unit: number): { readonly from: number; readonly to: number };
}

function shareOut(threads: number, callsOf: (share: Share) => KernelCall[]): KernelCall[][] {
  return Array.from({ length: threads }, (_, thread) =>
    callsOf({
      thread,
      cut(count, unit) {
        const at = (part: number) => Math.min(count, unit * Math.ceil((count * part) / threads / unit));
        return { from: at(thread), to: at(thread + 1) };
      },
    }),
  );
}

/** Rows are added to the gradients of tables that lie in memory as a whole. */
function addToGradients(program: UpdateProgram, layout: Layout, { cut }: Share): KernelCall[] {
  return program.tables.flatMap(({ name }) => {
    const { rowBytes, binShift, binCount, binsAt } = layout.tables.get(name) as TableLayout;
    const binBytes = rowBytes << binShift;
    const isWhole = program.groups.some((group) => wholeGradients(program, group).includes(name));
    const { from, to } = cut(binCount, 1);
    if (!isWhole || from >= to) return [];
    const rowsAt = layout.addressOf(name) + binBytes * from;
    return [{ target: addBins, values: [binsAt + 4 * from, to - from, rowsAt, binBytes, rowBytes] }];
  });
}

function updateGroup(
  program: UpdateProgram,
  layout: Layout,
  group: UpdateGroup,
  { whole, byBins }: Update,
  { thread, cut }: Share,
): KernelCall[] {
  const { states, gradients, size } = group;
  const table = layout.tables.get(streamedTable(program, group)?.name ?? "");
  if (table === undefined || byBins === undefined) {
    const { from, to } = cut(laneBytes * Math.ceil((4 * size) / laneBytes), alignAddress(1));
    const tensors = [...states, ...gradients].map((name) => layout.addressOf(name) + from);
    return from < to ? [{ target: whole, values: [to - from, ...tensors, layout.scalarAddress] }] : [];
  }
  const { rowBytes, rowCount, binShift, binCount, binsAt } = table;
  const binBytes = rowBytes << binShift;
  const { from, to } = cut(binCount, 1);
  const left = Math.min(rowCount * rowBytes, to * binBytes) - from * binBytes;
  const tensors = states.map((name) => layout.addressOf(name) + from * binBytes);
  const values = [left, binBytes, rowBytes, ...tensors, layout.stripOf(thread), layout.scalarAddress];
  return from < to ? [{ target: byBins, values: [binsAt + 4 * from, ...values] }] : [];
}
