/** The only file that imports onnxruntime-web. `/wasm`: the small build, without eval, with strings and ai.onnx.ml. */
import { AttuneError, type Session, type Tensor } from "@attune/contracts";
import { createEngineSession, type EngineTensor } from "@attune/runtime";
import { env, InferenceSession, Tensor as OrtTensor } from "onnxruntime-web/wasm";

const runtimeName = "onnxruntime-web";

/**
 * Loads checked bytes into onnxruntime-web.
 *
 * @param wasmUrl - where the engine's wasm file is; default beside this module, where bundlers put it.
 * @throws {AttuneError} `RUNTIME_LOAD` when the wasm does not start or the engine refuses the model.
 */
export async function loadEngine(bytes: Uint8Array, wasmUrl: string | undefined): Promise<Session> {
  // One thread: no shared memory, no COOP/COEP headers, no further workers, the same sums each time.
  env.wasm.numThreads = 1;
  env.wasm.proxy = false;
  env.logLevel = "fatal";
  if (wasmUrl !== undefined) env.wasm.wasmPaths = { wasm: wasmUrl };
  const native = await create(bytes);
  try {
    return createEngineSession({
      runtime: { name: runtimeName, version: env.versions.web ?? env.versions.common },
      inputMetadata: native.inputMetadata,
      outputMetadata: native.outputMetadata,
      createTensor,
      run: (feeds: Record<string, OrtTensor & EngineTensor>, fetches) => native.run(feeds, fetches),
      release: () => native.release(),
    });
  } catch (error) {
    await native.release();
    throw error;
  }
}

async function create(bytes: Uint8Array): Promise<InferenceSession> {
  try {
    // Named, because another copy of onnxruntime on this page may have registered other backends.
    return await InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: 4 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("RUNTIME_LOAD", { runtime: runtimeName, reason }, { cause });
  }
}

function createTensor({ dtype, data, dims }: Tensor): OrtTensor {
  switch (dtype) {
    case "string":
      return new OrtTensor("string", data as string[], dims);
    case "int64":
      return new OrtTensor("int64", data, dims);
    case "bool":
      return new OrtTensor("bool", data, dims);
    default:
      return new OrtTensor(data, dims);
  }
}
