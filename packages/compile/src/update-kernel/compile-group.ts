/** One group of an update program → one WebAssembly function that walks its tensors once, four elements at a time. */
import type { UpdateGroup, UpdateOp, UpdateOperand } from "@attune/trace";
import { leb, type ValueType, type WasmFunction } from "./wasm-module.ts";

/** Bytes of one SIMD register: tensors are padded to a multiple of it. */
export const laneBytes = 16;

const simd = 0xfd;
const opcodes = {
  load: [simd, 0x00],
  splat: [simd, 0x09],
  store: [simd, 0x0b],
} as const;

/** f32x4 instructions. */
const arithmetic: Readonly<Record<UpdateOp, readonly number[]>> = {
  Abs: [simd, ...leb(0xe0)],
  Neg: [simd, ...leb(0xe1)],
  Sqrt: [simd, ...leb(0xe3)],
  Add: [simd, ...leb(0xe4)],
  Sub: [simd, ...leb(0xe5)],
  Mul: [simd, ...leb(0xe6)],
  Div: [simd, ...leb(0xe7)],
  Min: [simd, ...leb(0xe8)],
  Max: [simd, ...leb(0xe9)],
};

/** Groups with equal keys do the same to their tensors, and share a function. */
export function groupKey({ states, gradients, steps, results }: UpdateGroup): string {
  return JSON.stringify([states.length, gradients.length, steps, results]);
}

/**
 * Parameters: end of the walk in bytes, address of each state, of each gradient, of the program's scalars. Every new
 * value is made before the first is stored, so states may read each other's old ones.
 */
export function compileGroup(name: string, group: UpdateGroup): WasmFunction {
  const { states, gradients, steps, results } = group;
  const tensors = states.length + gradients.length;
  const scalars = listScalars(group);
  // Locals: parameters, then the offset, then one register for each scalar, tensor and step.
  const end = 0;
  const scalarBase = tensors + 1;
  const offset = tensors + 2;
  const firstScalar = offset + 1;
  const firstTensor = firstScalar + scalars.length;
  const firstStep = firstTensor + tensors;

  const register = (operand: UpdateOperand): number => {
    switch (operand.kind) {
      case "state":
        return firstTensor + operand.index;
      case "gradient":
        return firstTensor + states.length + operand.index;
      case "op":
        return firstStep + operand.index;
      case "scalar":
        return firstScalar + scalars.indexOf(operand.index);
    }
  };
  const address = (tensor: number) => [...get(tensor + 1), ...get(offset), 0x6a];

  const prologue = scalars.flatMap((index, at) => [
    ...get(scalarBase),
    ...opcodes.splat,
    ...[2, ...leb(4 * index)],
    ...set(firstScalar + at),
  ]);
  const loads = Array.from({ length: tensors }, (_, at) => [
    ...address(at),
    ...[...opcodes.load, 4, 0],
    ...set(firstTensor + at),
  ]).flat();
  const work = steps.flatMap(({ op, operands }, at) => [
    ...operands.flatMap((operand) => get(register(operand))),
    ...arithmetic[op],
    ...set(firstStep + at),
  ]);
  const stores = results.flatMap((result, at) =>
    result.kind === "state" && result.index === at
      ? []
      : [...address(at), ...get(register(result)), ...[...opcodes.store, 4, 0]],
  );
  const advance = [...get(offset), 0x41, laneBytes, 0x6a, ...set(offset)];
  // block: leave when offset ≥ end; loop: work, then again.
  const leave = [...get(offset), ...get(end), 0x4f, 0x0d, 1];
  const loop = [0x03, 0x40, ...leave, ...loads, ...work, ...stores, ...advance, 0x0c, 0, 0x0b];
  const registers: ValueType[] = new Array(scalars.length + tensors + steps.length).fill("v128");
  return {
    name,
    parameters: new Array(tensors + 2).fill("i32"),
    locals: ["i32", ...registers],
    body: [...prologue, 0x02, 0x40, ...loop, 0x0b],
  };
}

/** Scalars that the group reads, each once. */
function listScalars({ steps, results }: UpdateGroup): number[] {
  const operands = [...steps.flatMap(({ operands }) => operands), ...results];
  return [...new Set(operands.flatMap((operand) => (operand.kind === "scalar" ? [operand.index] : [])))];
}

function get(local: number): number[] {
  return [0x20, ...leb(local)];
}

function set(local: number): number[] {
  return [0x21, ...leb(local)];
}
