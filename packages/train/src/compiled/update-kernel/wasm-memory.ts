/** A WebAssembly memory that grows, and functions made over it. */
import { AttuneError } from "@attune/contracts";
import { encodeModule, type WasmFunction } from "./wasm-module.ts";

interface NativeMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What is used of WebAssembly, which the ES library does not describe. */
interface WebAssemblyHost {
  readonly Memory: new (limits: { initial: number }) => NativeMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, WasmCall>> };
}

declare const WebAssembly: WebAssemblyHost;

export type WasmCall = (...values: number[]) => void;

export interface WasmMemory {
  /** Another one after each growth: views of the old one are empty then. */
  readonly buffer: ArrayBuffer;
  /** @returns whether `buffer` is another one now. */
  reserve(bytes: number): boolean;
  /** Compiles the functions, by name. */
  compile(functions: readonly WasmFunction[]): Readonly<Record<string, WasmCall>>;
}

const pageBytes = 65_536;
/** All that 32 bits can address. */
const mostPages = 65_536;

/** @throws {AttuneError} `TRAIN_TOO_LARGE`, here and in `reserve`, beyond 4 GiB or where the machine has no more. */
export function createWasmMemory(bytes: number): WasmMemory {
  const memory = orTooLarge(bytes, () => new WebAssembly.Memory({ initial: pagesOf(bytes) }));
  return {
    get buffer() {
      return memory.buffer;
    },
    reserve(wanted) {
      const missing = pagesOf(wanted) - memory.buffer.byteLength / pageBytes;
      if (missing <= 0) return false;
      orTooLarge(wanted, () => memory.grow(missing));
      return true;
    },
    compile(functions) {
      const module = new WebAssembly.Module(encodeModule(functions));
      return new WebAssembly.Instance(module, { env: { memory } }).exports;
    },
  };
}

function pagesOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / pageBytes));
}

function orTooLarge<T>(bytes: number, act: () => T): T {
  const details = {
    kind: "training",
    what: "state and gradients",
    bytes,
    limitBytes: pageBytes * mostPages,
    hint: "use smaller tables, or an optimizer that keeps fewer tensors",
  };
  if (pagesOf(bytes) > mostPages) throw new AttuneError("TRAIN_TOO_LARGE", details);
  try {
    return act();
  } catch (cause) {
    throw new AttuneError("TRAIN_TOO_LARGE", details, { cause });
  }
}
