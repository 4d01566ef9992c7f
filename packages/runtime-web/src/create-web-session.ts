/** The `Session` port on the page: every run happens in a worker, the main thread only sends messages. */
import { AttuneError, type Session, type Tensor, type ValueInfo } from "@attune/contracts";
import { createEngineSession } from "@attune/runtime";
import { connect, type ModelProgress, type ModelSource } from "./protocol.ts";
import { type SessionWorker, spawnWorker } from "./spawn-worker.ts";

/** Where the worker and its engine come from. Every field is optional. */
export interface WebRuntimeOptions {
  /** URL of onnxruntime-web's `ort-wasm-simd-threaded.wasm`. Default: where the bundler put it. */
  readonly wasmUrl?: string | URL;
  /** Starts the worker. Default: the worker of this package, as the bundler emitted it. */
  readonly createWorker?: () => SessionWorker;
}

/** A model by URL: the worker downloads it, and loads it only when its sha256 holds. */
export interface ModelByUrl {
  /** Relative URLs are relative to the page. */
  readonly modelUrl: string | URL;
  /** Hex, from the artifact's manifest. */
  readonly sha256: string;
  /** Length of the file, for progress; default what the server says. */
  readonly sizeBytes?: number;
  /** Keep the bytes in the browser's cache under their sha256. Default true; does nothing where there is no cache. */
  readonly cache?: boolean;
  readonly onProgress?: (progress: ModelProgress) => void;
}

/** A model whose bytes the page has already. They are copied, not detached. */
export interface ModelByBytes {
  readonly modelBytes: Uint8Array;
  /** Checked when given. */
  readonly sha256?: string;
}

export type WebSessionOptions = (ModelByUrl | ModelByBytes) & WebRuntimeOptions;

/**
 * Starts a worker, loads onnxruntime-web and the model in it, and returns the session. `close()` ends the worker.
 *
 * @throws {AttuneError} `RUNTIME_FETCH`, `RUNTIME_HASH`, or `RUNTIME_LOAD` when the worker or the engine does not
 * start or refuses the model. The worker is ended then.
 */
export async function createWebSession(options: WebSessionOptions): Promise<Session> {
  const { wasmUrl, createWorker = spawnWorker } = options;
  const model = toModelSource(options);
  const worker = start(createWorker);
  try {
    const connection = connect(worker);
    worker.addEventListener("error", ({ message }) => {
      connection.fail(workerError(message || "its script did not load"));
    });
    const onProgress = "onProgress" in options ? options.onProgress : undefined;
    const wasm = wasmUrl === undefined ? {} : { wasmUrl: absolute(wasmUrl) };
    const { inputs, outputs, runtime } = await connection.call("load", { model, ...wasm }, onProgress);
    return createEngineSession<Tensor & { readonly type: string }>({
      runtime,
      inputMetadata: inputs.map(toMetadata),
      outputMetadata: outputs.map(toMetadata),
      createTensor: (tensor) => ({ ...compact(tensor), type: tensor.dtype }),
      async run(feeds, fetches) {
        const results = await connection.call("run", { feeds, fetches });
        for (const name of fetches) Object.assign(results[name]!, { type: results[name]!.dtype });
        return results as Record<string, Tensor & { readonly type: string }>;
      },
      async release() {
        worker.terminate();
      },
    });
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

function start(createWorker: () => SessionWorker): SessionWorker {
  try {
    return createWorker();
  } catch (cause) {
    throw workerError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function workerError(problem: string, options?: ErrorOptions): AttuneError {
  const reason = `its worker failed: ${problem}. Check that the build emits worker.js and that the Content-Security-Policy allows it (worker-src)`;
  return new AttuneError("RUNTIME_LOAD", { runtime: "onnxruntime-web", reason }, options);
}

function toModelSource(options: WebSessionOptions): ModelSource {
  if ("modelBytes" in options) {
    const bytes = copyIfView(options.modelBytes);
    return options.sha256 === undefined ? { bytes } : { bytes, sha256: options.sha256 };
  }
  const { modelUrl, sha256, sizeBytes, cache = true } = options;
  const source = { url: absolute(modelUrl), sha256, cache };
  return sizeBytes === undefined ? source : { ...source, sizeBytes };
}

/** The worker's own base URL is its script, so URLs are made absolute on the page. */
function absolute(url: string | URL): string {
  return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;
}

function toMetadata({ name, dtype, dims }: ValueInfo) {
  return { name, isTensor: true, type: dtype, shape: dims.map((dim) => dim ?? "") };
}

/** A message carries the whole buffer behind a view; a small view of a large buffer is cut out first. */
function compact(tensor: Tensor): Tensor {
  return ArrayBuffer.isView(tensor.data) ? ({ ...tensor, data: copyIfView(tensor.data) } as Tensor) : tensor;
}

function copyIfView<A extends ArrayBufferView & { slice(): A }>(data: A): A {
  return data.byteLength === data.buffer.byteLength ? data : data.slice();
}
