/** Words for writing WebAssembly functions over named locals. */
import { type Code, leb, type ValueType, type WasmFunction } from "./wasm-module.ts";

/** Instructions that the kernels use. */
export const code = {
  add: 0x6a,
  subtract: 0x6b,
  multiply: 0x6c,
  shiftLeft: 0x74,
  /** Of an int32 without a sign. */
  shiftRight: 0x76,
  isZero: 0x45,
  equal: 0x46,
  lessSigned: 0x48,
  lessUnsigned: 0x49,
  greaterUnsigned: 0x4b,
  atLeastUnsigned: 0x4f,
  floatAdd: 0x92,
  /** The first of two values when the condition behind them holds, else the second. */
  select: 0x1b,
  if: 0x04,
  /** The type of a block that leaves nothing on the stack. */
  nothing: 0x40,
  end: 0x0b,
  return: 0x0f,
  call: 0x10,
} as const;
/** Address, byte, length. */
export const fillBytes = [0xfc, 0x0b, 0];

export const simd = (opcode: number) => [0xfd, ...leb(opcode)];
/** Alignment is a hint: rows need not start at whole registers. */
export const loadVector = [...simd(0x00), 2, 0];
export const storeVector = [...simd(0x0b), 2, 0];
export const loadFloat = [0x2a, 2, 0];
export const storeFloat = [0x38, 2, 0];
export const loadInt = [0x28, 2, 0];
export const loadIntAt = (offset: number) => [0x28, 2, ...leb(offset)];
export const storeInt = [0x36, 2, 0];
export const storeIntAt = (offset: number) => [0x36, 2, ...leb(offset)];

/** i32.const, as a signed LEB128. */
export function constant(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = rest === ((low & 0x40) === 0 ? 0 : -1);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return [0x41, ...bytes];
  }
}

/** A block that `break` 1 leaves, around a loop that `again` repeats. */
export function loop<C extends Code>(body: readonly C[]): (C | number)[] {
  return [0x02, 0x40, 0x03, 0x40, ...body, 0x0c, 0, 0x0b, 0x0b];
}

/** Leaves the loop when the condition on the stack holds. */
export const leaveIf = [0x0d, 1];

export interface Locals<Name extends string> {
  get(name: Name): number[];
  set(name: Name): number[];
  /** name += amount */
  grow(name: Name, amount: number): number[];
  define(name: string, body: readonly Code[]): WasmFunction;
}

/** Parameters and further locals, all of them i32 unless said. */
export function defineLocals<Name extends string>(
  parameters: readonly Name[],
  others: readonly Name[],
  types: Partial<Record<Name, ValueType>> = {},
): Locals<Name> {
  const index = new Map([...parameters, ...others].map((name, at) => [name, at]));
  const get = (name: Name) => [0x20, ...leb(index.get(name) ?? 0)];
  const set = (name: Name) => [0x21, ...leb(index.get(name) ?? 0)];
  const typesOf = (names: readonly Name[]) => names.map((name): ValueType => types[name] ?? "i32");
  return {
    get,
    set,
    grow: (name, amount) => [...get(name), ...constant(amount), code.add, ...set(name)],
    define: (name, body) => ({ name, parameters: typesOf(parameters), locals: typesOf(others), body }),
  };
}
