/** Runs an update program in place, by WebAssembly functions made for it. State and gradients live in its memory. */
import type { Tensor } from "@attune/contracts";
import { computeUpdateScalars, type UpdateGroup, type UpdateProgram, type UpdateTable } from "@attune/trace";
import { checkFinite } from "./check-finite.ts";
import { compileGroup, groupKey, laneBytes } from "./compile-group.ts";
import { alignAddress, type Layout, planMemory } from "./plan-memory.ts";
import { scatterRows } from "./scatter-rows.ts";
import { createWasmMemory, type WasmCall, type WasmMemory } from "./wasm-memory.ts";

type Float32Tensor = Tensor<"float32">;
type Outputs = Readonly<Record<string, Tensor>>;

export interface UpdateKernel {
  /**
   * Each state tensor that the program updates, by name, as the gradient graph reads it: matrices that lie transposed
   * have their dims so. Other objects after a step in which the memory grew.
   */
  readonly states: Readonly<Record<string, Float32Tensor>>;
  /** A copy of the states, none of them transposed. */
  readState(): Record<string, Float32Tensor>;
  /** Overwrites the states; none of the given ones is transposed. */
  writeState(state: Readonly<Record<string, Tensor>>): void;
  /** Where the gradient graph may write outputs of these names. Likewise. */
  readonly targets: Readonly<Record<string, Float32Tensor>>;
  /**
   * Overwrites the states, unless a gradient is not finite: then nothing changes.
   *
   * @param outputs - what the gradient graph gave; tensors that are not `targets` themselves are copied.
   * @returns the state whose gradient is not finite, or `undefined` when the step was taken.
   */
  apply(learningRate: number, outputs: Outputs): string | undefined;
}

/**
 * @param initial - the first values of all states, by name.
 * @throws {AttuneError} `TRAIN_TOO_LARGE` when state and gradients do not fit the 4 GiB that WebAssembly can address.
 */
export function createUpdateKernel(
  program: UpdateProgram,
  initial: Readonly<Record<string, Float32Tensor>>,
): UpdateKernel {
  const layout = planMemory(program);
  const memory = createWasmMemory(layout.bytes);
  const scalarStates: Record<string, Float32Tensor> = {};
  for (const { name } of program.scalarResults) scalarStates[name] = copyTensor(initial[name]!);
  let views = createViews(program, memory, layout, initial);
  const turned = new Set(program.groups.flatMap(({ isTransposed, states }) => (isTransposed ? states : [])));
  let states = { ...views.states, ...scalarStates };
  const { scatter, check, groups } = compileProgram(program, memory, layout);

  function writeState(state: Readonly<Record<string, Tensor>>): void {
    for (const [name, target] of Object.entries(states)) {
      const source = state[name] as Float32Tensor;
      target.data.set(turned.has(name) ? transpose(source).data : source.data);
    }
  }
  writeState(initial);

  return {
    get states() {
      return states;
    },
    readState: () =>
      Object.fromEntries(
        Object.entries(states).map(([name, tensor]) => [
          name,
          turned.has(name) ? transpose(tensor) : copyTensor(tensor),
        ]),
      ),
    writeState,
    get targets() {
      return views.targets;
    },
    apply(learningRate, outputs) {
      const read = (name: string) => Number((scalarStates[name] ?? outputs[name])?.data[0] ?? Number.NaN);
      const scalars = computeUpdateScalars(program, learningRate, read);
      // Before the memory may grow: views of the smaller one are empty then, and their content has moved along.
      const foreign = Object.entries(views.targets).flatMap(([name, { data }]) =>
        outputs[name] === undefined || outputs[name].data === data ? [] : [[name, outputs[name]] as const],
      );
      if (memory.reserve(layout.bytes + scatterBytes(program, outputs))) {
        views = createViews(program, memory, layout, initial);
        states = { ...views.states, ...scalarStates };
      }
      for (const [name, output] of foreign) {
        if (output.dtype === "float32") views.targets[name]?.data.set(output.data);
      }
      const context = { memory, layout, scatter, check };
      const table = program.tables.find((candidate) => !fillTable(candidate, views, outputs, context));
      const broken =
        table === undefined ? findNotFinite(program, views, check) : ownerOf(program, table.name);
      if (broken !== undefined) return broken;
      views.scalars.set(scalars);
      for (const run of groups) run();
      for (const { name, scalar } of program.scalarResults) {
        scalarStates[name]?.data.fill(scalars[scalar] ?? Number.NaN);
      }
      return undefined;
    },
  };
}

function copyTensor({ dims, data }: Float32Tensor): Float32Tensor {
  return { dtype: "float32", dims, data: Float32Array.from(data) };
}

/** Rows and columns of a matrix change places, in a copy. */
function transpose({ dims: [rows = 0, columns = 0], data }: Float32Tensor): Float32Tensor {
  const turned = new Float32Array(data.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[at++] as number;
  }
  return { dtype: "float32", dims: [columns, rows], data: turned };
}

interface Views {
  readonly states: Readonly<Record<string, Float32Tensor>>;
  /** Every gradient of the groups. */
  readonly gradients: Readonly<Record<string, Float32Tensor>>;
  /** Those of them that the gradient graph can fill by itself, under the names of its outputs. */
  readonly targets: Readonly<Record<string, Float32Tensor>>;
  readonly scalars: Float32Array;
}

function createViews(
  program: UpdateProgram,
  { buffer }: WasmMemory,
  layout: Layout,
  initial: Readonly<Record<string, Float32Tensor>>,
): Views {
  const states: Record<string, Float32Tensor> = {};
  const gradients: Record<string, Float32Tensor> = {};
  const view = (name: string, dims: readonly number[], size: number): Float32Tensor => {
    return { dtype: "float32", dims, data: new Float32Array(buffer, layout.addressOf(name), size) };
  };
  for (const group of program.groups) {
    const given = initial[group.states[0] ?? ""]?.dims ?? [group.size];
    const dims = group.isTransposed ? given.toReversed() : given;
    for (const name of group.states) states[name] = view(name, dims, group.size);
    for (const name of group.gradients) gradients[name] = view(name, dims, group.size);
  }
  const tables = new Map(program.tables.map((table) => [table.name, table]));
  const targets = Object.fromEntries(
    Object.entries(gradients).flatMap(([name, tensor]) => {
      const table = tables.get(name);
      const output = table === undefined ? name : table.dense;
      return output === undefined ? [] : [[output, tensor] as const];
    }),
  );
  const scalars = new Float32Array(buffer, layout.scalarAddress, Math.max(1, program.scalars.length));
  return { states, gradients, targets, scalars };
}

/** A check leaves a number in the first scalar, 0 for finite elements; the padding of gradients is always 0. */
function isAllFinite(views: Views, address: number, length: number, check: WasmCall | undefined): boolean {
  check?.(address, address + Math.ceil((4 * length) / laneBytes) * laneBytes, 0);
  return views.scalars[0] === 0;
}

/** The first state whose gradient is not finite. Of tables the rows were checked already. */
function findNotFinite(
  { groups, tables }: UpdateProgram,
  views: Views,
  check: WasmCall | undefined,
): string | undefined {
  const checked = new Set(tables.flatMap(({ name, dense }) => (dense === undefined ? [name] : [])));
  for (const { gradients, states } of groups) {
    for (const name of gradients) {
      const { byteOffset, length } = (views.gradients[name] as Float32Tensor).data;
      if (!checked.has(name) && !isAllFinite(views, byteOffset, length, check)) return states[0];
    }
  }
  return undefined;
}

function ownerOf({ groups }: UpdateProgram, gradient: string): string {
  return groups.find(({ gradients }) => gradients.includes(gradient))?.states[0] ?? gradient;
}

interface Scattering {
  readonly check: WasmCall | undefined;
  readonly memory: WasmMemory;
  readonly layout: Layout;
  readonly scatter: WasmCall | undefined;
}

/** Room for the places and rows of one step: they are put behind the state, one table part after the other. */
function scatterBytes({ tables }: UpdateProgram, outputs: Outputs): number {
  const sizes = tables.flatMap(({ scattered }) =>
    scattered.map(
      ({ places, rows }) =>
        alignAddress(4 * (outputs[places]?.data.length ?? 0)) +
        alignAddress(4 * (outputs[rows]?.data.length ?? 0)),
    ),
  );
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}

/** @returns whether all rows are finite; the rest of the table is 0 or dense. */
function fillTable(table: UpdateTable, views: Views, outputs: Outputs, context: Scattering): boolean {
  const { memory, layout, scatter, check } = context;
  if (table.dense === undefined) views.gradients[table.name]?.data.fill(0);
  for (const { places, rows, repeat } of table.scattered) {
    const at = outputs[places]?.data ?? [];
    const values = outputs[rows]?.data;
    if (!(values instanceof Float32Array)) continue;
    const placesAddress = layout.bytes;
    const rowsAddress = layout.bytes + alignAddress(4 * at.length);
    const target = new Int32Array(memory.buffer, placesAddress, at.length);
    if (at instanceof Int32Array) target.set(at);
    else for (let index = 0; index < at.length; index++) target[index] = Number(at[index]);
    const padded = new Float32Array(memory.buffer, rowsAddress, alignAddress(4 * values.length) / 4);
    padded.fill(0, values.length);
    padded.set(values);
    if (!isAllFinite(views, rowsAddress, values.length, check)) return false;
    scatter?.(placesAddress, rowsAddress, at.length, repeat, 4 * table.width, layout.addressOf(table.name));
  }
  return true;
}

interface Compiled {
  readonly scatter: WasmCall | undefined;
  readonly check: WasmCall | undefined;
  readonly groups: readonly (() => void)[];
}

/** One call for each group; groups that do the same share the code. */
function compileProgram({ groups, tables }: UpdateProgram, memory: WasmMemory, layout: Layout): Compiled {
  const names = new Map<string, string>();
  const functions = groups.flatMap((group) => {
    const key = groupKey(group);
    if (names.has(key)) return [];
    const name = `update_${names.size}`;
    names.set(key, name);
    return [compileGroup(name, group)];
  });
  const calls = memory.compile([...functions, checkFinite, ...(tables.length > 0 ? [scatterRows] : [])]);
  return {
    scatter: calls[scatterRows.name],
    check: calls[checkFinite.name],
    groups: groups.map((group) => {
      const update = calls[names.get(groupKey(group)) ?? ""];
      const addresses = addressesOf(group, layout);
      return () => update?.(...addresses);
    }),
  };
}

function addressesOf({ size, states, gradients }: UpdateGroup, layout: Layout): number[] {
  const end = Math.ceil((4 * size) / laneBytes) * laneBytes;
  return [end, ...[...states, ...gradients].map(layout.addressOf), layout.scalarAddress];
}
