/** Runs an update program in place, by WebAssembly functions made for it. State and gradients live in its memory. */
import type { Tensor } from "@attune/contracts";
import { computeUpdateScalars, type UpdateProgram } from "@attune/trace";
import { checkFinite } from "./check-finite.ts";
import { laneBytes } from "./compile-group.ts";
import { fillBins, planRows } from "./fill-bins.ts";
import { createKernelCalls, fewElements } from "./kernel-calls.ts";
import type { KernelThreads } from "./kernel-threads.ts";
import { alignAddress, type Layout, planMemory, wholeGradients } from "./plan-memory.ts";
import { createWasmMemory, type WasmMemory } from "./wasm-memory.ts";
import type { WasmFunction } from "./wasm-module.ts";

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
  /** Where the gradient graph may write outputs of these names. Other objects likewise. */
  readonly targets: Readonly<Record<string, Float32Tensor>>;
  /**
   * Overwrites the states, unless a gradient is not finite: then nothing changes.
   *
   * @param outputs - what the gradient graph gave; tensors that are not `targets` themselves are copied.
   * @returns the state whose gradient is not finite, or `undefined` when the step was taken.
   */
  apply(learningRate: number, outputs: Outputs): string | undefined;
  /** For other work on the same memory, between an update and the next. */
  readonly beside: KernelBeside;
  /** Ends the threads that help. */
  close(): Promise<void>;
}

export interface KernelBeside {
  /** They know the functions that were asked for. */
  readonly threads: KernelThreads;
  /** Another one after each growth. */
  readonly buffer: ArrayBufferLike;
  /** First address that the update leaves alone, once it is reserved. */
  readonly start: number;
  /**
   * @param end - address behind the last byte.
   * @throws {AttuneError} `TRAIN_TOO_LARGE`
   */
  reserve(end: number): void;
}

export interface UpdateKernelOptions {
  /** Threads that update; in Node only, and only where the state is large. Default 1. */
  readonly threadCount?: number;
  /** Functions for other work on the same memory. */
  readonly beside?: readonly WasmFunction[];
}

/**
 * @param initial - the first values of all states, by name.
 * @throws {AttuneError} `TRAIN_TOO_LARGE` when state and gradients do not fit the 4 GiB that WebAssembly can address.
 */
export function createUpdateKernel(
  program: UpdateProgram,
  initial: Readonly<Record<string, Float32Tensor>>,
  { threadCount = 1, beside = [] }: UpdateKernelOptions = {},
): UpdateKernel {
  const elements = program.groups.reduce((sum, { size }) => sum + size, 0);
  const wanted = elements < fewElements ? 1 : threadCount;
  const layout = planMemory(program, wanted);
  const memory = createWasmMemory(layout.bytes, wanted > 1);
  const { threads, update } = createKernelCalls(program, memory, layout, wanted, beside);
  const scalarStates: Record<string, Float32Tensor> = {};
  for (const { name } of program.scalarResults) scalarStates[name] = copyTensor(initial[name]!);
  const turned = new Set(program.groups.flatMap(({ isTransposed, states }) => (isTransposed ? states : [])));
  let views = createViews(program, memory, layout, initial);
  let states = { ...views.states, ...scalarStates };
  let besideEnd = layout.bytes;

  function reserve(bytes: number): void {
    if (!memory.reserve(bytes)) return;
    views = createViews(program, memory, layout, initial);
    states = { ...views.states, ...scalarStates };
  }

  function writeState(state: Readonly<Record<string, Tensor>>): void {
    for (const [name, target] of Object.entries(states)) {
      const source = state[name] as Float32Tensor;
      target.data.set(turned.has(name) ? transpose(source).data : source.data);
    }
  }
  writeState(initial);

  /** The check leaves a number in the first scalar, 0 for finite elements; padding is always 0. */
  function isAllFinite(address: number, length: number): boolean {
    const end = address + Math.ceil((4 * length) / laneBytes) * laneBytes;
    threads.run([[{ target: checkFinite, values: [address, end, layout.scalarAddress] }]]);
    return views.scalars[0] === 0;
  }
  const rowsOnly = new Set(program.tables.flatMap(({ name, dense }) => (dense === undefined ? [name] : [])));

  /** The first state whose gradient is not finite. Of tables the rows were checked already. */
  function findBroken(): string | undefined {
    const broken = Object.entries(views.gradients).find(
      ([name, { data }]) => !rowsOnly.has(name) && !isAllFinite(data.byteOffset, data.length),
    );
    return broken && ownerOf(program, broken[0]);
  }

  return {
    get states() {
      return states;
    },
    get targets() {
      return views.targets;
    },
    readState: () =>
      Object.fromEntries(
        Object.entries(states).map(([name, tensor]) => [
          name,
          turned.has(name) ? transpose(tensor) : copyTensor(tensor),
        ]),
      ),
    writeState,
    apply(learningRate, outputs) {
      const read = (name: string) => Number((scalarStates[name] ?? outputs[name])?.data[0] ?? Number.NaN);
      const scalars = computeUpdateScalars(program, learningRate, read);
      // Before the memory may grow: views of the smaller one may be empty then, and their content has moved along.
      const foreign = Object.entries(views.targets).flatMap(([name, { data }]) =>
        outputs[name] === undefined || outputs[name].data === data ? [] : [[name, outputs[name]] as const],
      );
      const rows = planRows(program, besideEnd, outputs);
      reserve(rows.end);
      for (const [name, output] of foreign) {
        if (output.dtype === "float32") views.targets[name]?.data.set(output.data);
      }
      const table = fillBins(rows, { memory, layout, threads, isAllFinite });
      const broken = table === undefined ? findBroken() : ownerOf(program, table);
      if (broken === undefined) {
        views.scalars.set(scalars);
        // Rows are added to these.
        for (const name of rowsOnly) views.gradients[name]?.data.fill(0);
        update();
        for (const { name, scalar } of program.scalarResults) {
          scalarStates[name]?.data.fill(scalars[scalar] ?? Number.NaN);
        }
      }
      return broken;
    },
    beside: {
      threads,
      get buffer() {
        return memory.buffer;
      },
      start: layout.bytes,
      reserve(end) {
        besideEnd = Math.max(besideEnd, alignAddress(end));
        reserve(besideEnd);
      },
    },
    close: () => threads.close(),
  };
}

function ownerOf({ groups }: UpdateProgram, gradient: string): string {
  return groups.find(({ gradients }) => gradients.includes(gradient))?.states[0] ?? gradient;
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
  /** Every gradient of the groups that lies in memory as a whole. */
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
    for (const name of wholeGradients(program, group)) gradients[name] = view(name, dims, group.size);
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
