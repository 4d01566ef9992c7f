/** Starts tfjs's WebAssembly backend. In Node its files are found in the package; a page has set their paths itself. */
import { startCpu, startTfjsBackend } from "./start-cpu.ts";
import { fillWasmGaps } from "./wasm-gaps.ts";
import { transposeBeforeProducts } from "./wasm-products.ts";

/** What is used of Node here, without its types: this file is loaded in browsers too. */
interface NodeProcess {
  getBuiltinModule(name: "node:module"): {
    createRequire(url: string): { resolve(name: string): string };
  };
  listeners(event: string): readonly ((...values: unknown[]) => void)[];
  removeListener(event: string, listener: (...values: unknown[]) => void): void;
  getMaxListeners(): number;
  setMaxListeners(count: number): void;
}

/** @returns why it does not start. */
export async function startWasm(): Promise<string | undefined> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  const reason = (await startCpu()) ?? (await startKernels(setWasmPaths));
  if (reason !== undefined) return reason;
  fillWasmGaps();
  transposeBeforeProducts();
  return undefined;
}

async function startKernels(setWasmPaths: (prefix: string) => void): Promise<string | undefined> {
  const process: NodeProcess | undefined = Reflect.get(globalThis, "process");
  if (typeof process?.getBuiltinModule !== "function") return startTfjsBackend("wasm");
  // ES2023's own types know no `url`.
  const { url } = import.meta as unknown as { readonly url: string };
  const require = process.getBuiltinModule("node:module").createRequire(url);
  const entry = require.resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(entry.slice(0, Math.max(entry.lastIndexOf("/"), entry.lastIndexOf("\\")) + 1));
  const restoreListeners = rememberListeners(process);
  try {
    return await startTfjsBackend("wasm");
  } finally {
    restoreListeners();
  }
}

/** The wasm module's loader listens for every uncaught error of the process, to rethrow it as its own. */
function rememberListeners(process: NodeProcess): () => void {
  const events = ["uncaughtException", "unhandledRejection"];
  const before = events.map((event) => new Set(process.listeners(event)));
  const limit = process.getMaxListeners();
  // Room for its own, which would otherwise set off Node's leak warning in a busy process.
  process.setMaxListeners(limit === 0 ? 0 : limit + 1);
  return () => {
    for (const [at, event] of events.entries()) {
      const added = process.listeners(event).filter((listener) => !before[at]?.has(listener));
      for (const listener of added) process.removeListener(event, listener);
    }
    process.setMaxListeners(limit);
  };
}
