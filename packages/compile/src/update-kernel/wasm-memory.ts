/** A WebAssembly memory that grows, and functions made over it. */
import { AttuneError } from "@attune/contracts";
import { encodeModule, type WasmFunction } from "./wasm-module.ts";

interface NativeMemory {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/** What is used of WebAssembly, which the ES library does not describe. */
interface WebAssemblyHost {
  readonly Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => NativeMemory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, WasmCall>> };
}

declare const WebAssembly: WebAssemblyHost;

export type WasmCall = (...values: number[]) => void;

export interface WasmMemory {
  /** Another one after each growth. */
  readonly buffer: ArrayBufferLike;
  /** @returns whether `buffer` is another one now. */
  reserve(bytes: number): boolean;
  /** Compiles the functions, in the order of the exports. */
  compile(functions: readonly WasmFunction[]): CompiledFunctions;
}

export interface CompiledFunctions {
  readonly calls: readonly WasmCall[];
  /** What another thread needs to make the same calls. */
  readonly shared: { readonly module: object; readonly memory: object };
}

const pageBytes = 65_536;
/** All that 32 bits can address. */
const mostPages = 65_536;

/**
 * @param isShared - threads may work on it.
 * @throws {AttuneError} `TRAIN_TOO_LARGE`, here and in `reserve`, beyond 4 GiB or where the machine has no more.
 */
export function createWasmMemory(bytes: number, isShared: boolean): WasmMemory {
  const sharing = isShared ? { shared: true, maximum: mostPages } : {};
  const memory = orTooLarge(bytes, () => new WebAssembly.Memory({ initial: pagesOf(bytes), ...sharing }));
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
      const module = new WebAssembly.Module(encodeModule(functions, isShared ? mostPages : undefined));
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      return { calls: functions.map(({ name }) => exports[name] as WasmCall), shared: { module, memory } };
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
