/** The only file that imports onnxruntime-web. `/wasm`: the small build, without eval, with strings and ai.onnx.ml. */
import { AttuneError, type CreateSession, type Session, type Tensor } from "@attune/contracts";
import { createEngineSession, type EngineTensor } from "@attune/runtime";
import { env, InferenceSession, Tensor as OrtTensor } from "onnxruntime-web/wasm";

const runtimeName = "onnxruntime-web";

/** The smallest model there is, y = x. Creating a session of it is the only way to start the wasm before the real one. */
const identityModel =
  "CAkSDmF0dHVuZS10ZXN0a2l0OkgKHgoBeBIBeRoKSWRlbnRpdHlfMCIISWRlbnRpdHk6ABIEdGVzdFoPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCBAoAEBNCDgoKYWkub25ueC5tbBAE";

/**
 * Starts onnxruntime-web: fetches and compiles its wasm.
 *
 * @param wasmUrl - where the wasm file is; default beside this module, where bundlers put it.
 * @returns a function that loads checked bytes. It throws `RUNTIME_LOAD` when the engine refuses them.
 * @throws {AttuneError} `RUNTIME_LOAD` when the wasm does not start.
 */
export async function startEngine(wasmUrl: string | undefined): Promise<CreateSession> {
  // One thread: no shared memory, no COOP/COEP headers, no further workers, the same sums each time.
  env.wasm.numThreads = 1;
  env.wasm.proxy = false;
  env.logLevel = "fatal";
  if (wasmUrl !== undefined) env.wasm.wasmPaths = { wasm: wasmUrl };
  const bytes = Uint8Array.from(atob(identityModel), (char) => char.charCodeAt(0));
  const hint = `its wasm${wasmUrl === undefined ? "" : ` at ${wasmUrl}`} does not start; is ort-wasm-simd-threaded.wasm served, and does the Content-Security-Policy allow 'wasm-unsafe-eval'? `;
  await (await create(bytes, hint)).release();
  return createSession;
}

async function createSession(model: Uint8Array): Promise<Session> {
  const native = await create(model, "");
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

async function create(model: Uint8Array, hint: string): Promise<InferenceSession> {
  try {
    // Named, because another copy of onnxruntime on this page may have registered other backends.
    return await InferenceSession.create(model, { executionProviders: ["wasm"], logSeverityLevel: 4 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("RUNTIME_LOAD", { runtime: runtimeName, reason: hint + reason }, { cause });
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
