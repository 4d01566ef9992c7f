/** The `Session` port on onnxruntime-node. The only file that loads the native engine. */
import { readFile } from "node:fs/promises";
import { AttuneError, type Session, type SessionOptions, type Tensor } from "@attune/contracts";
import { createEngineSession, type EngineTensor } from "@attune/runtime";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";

const runtimeName = "onnxruntime-node";

/**
 * Loads a model into onnxruntime-node.
 *
 * @param model - the bytes of an ONNX file, or the path of one.
 * @param options - `threadCount`: threads inside one operator, default 1 (no pool, the same sums each time).
 * @throws {AttuneError} `RUNTIME_LOAD` when the engine is not available, refuses the model or `threadCount`, `FILE_READ` when the
 * path cannot be read.
 */
export async function createNodeSession(
  model: Uint8Array | string,
  options: SessionOptions = {},
): Promise<Session> {
  const { threadCount = 1, keepsMemory = true } = options;
  if (!Number.isInteger(threadCount) || threadCount < 1) {
    const reason = `threadCount is ${threadCount}, expected a whole number of at least 1`;
    throw new AttuneError("RUNTIME_LOAD", { runtime: runtimeName, reason });
  }
  const engine = await importEngine();
  const bytes = typeof model === "string" ? await readModel(model) : model;
  const native = await loadModel(engine.InferenceSession, bytes, { threadCount, keepsMemory });
  try {
    return createEngineSession({
      runtime: { name: runtimeName, version: engine.env.versions.node ?? engine.env.versions.common },
      inputMetadata: native.inputMetadata,
      outputMetadata: native.outputMetadata,
      createTensor: (tensor: Tensor) => createTensor(engine.Tensor, tensor),
      sharesMemory: true,
      async run(feeds: Record<string, OrtTensor & EngineTensor>, fetches, into) {
        const wanted = Object.fromEntries(fetches.map((name) => [name, into[name] ?? null]));
        const outputs = await native.run(feeds, wanted);
        for (const [name, target] of Object.entries(into)) freeCopy(outputs[name], target);
        return outputs;
      },
      release: () => native.release(),
    });
  } catch (error) {
    await native.release();
    throw error;
  }
}

/** Lazy, so that a platform without a binary gets a sentence instead of a failing import. */
async function importEngine(): Promise<typeof import("onnxruntime-node")> {
  // From 1.29 on the engine reports its use over the network unless this is set before it loads.
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    const platform = `${process.platform}/${process.arch}`;
    throw new AttuneError(
      "RUNTIME_LOAD",
      {
        runtime: runtimeName,
        reason:
          `its native binary does not load on ${platform} (${reasonOf(cause).split("\n")[0]}). It needs Linux with glibc 2.28 or newer, ` +
          "Windows, or macOS on arm64, and the optional files of the npm package onnxruntime-node",
      },
      { cause },
    );
  }
}

async function readModel(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new AttuneError("FILE_READ", { path, reason: reasonOf(cause) }, { cause });
  }
}

async function loadModel(
  Engine: typeof InferenceSession,
  bytes: Uint8Array,
  { threadCount, keepsMemory }: Required<SessionOptions>,
): Promise<InferenceSession> {
  try {
    return await Engine.create(bytes, {
      intraOpNumThreads: threadCount,
      interOpNumThreads: 1,
      executionMode: "sequential",
      // The two go together: a pattern of allocations without an arena to lay it out in is slower than neither.
      enableCpuMemArena: keepsMemory,
      enableMemPattern: keepsMemory,
      // Threads that spin while they wait take the cores from everything else. docs/decisions/0011 has figures.
      extra: { session: { intra_op: { allow_spinning: "0" } } },
      // Every failure is thrown; the engine must not write to stderr as well.
      logSeverityLevel: 4,
    });
  } catch (cause) {
    throw new AttuneError("RUNTIME_LOAD", { runtime: runtimeName, reason: reasonOf(cause) }, { cause });
  }
}

/** What Node 21 adds to an ArrayBuffer, which the ES2023 library does not know. */
interface TransferableBuffer extends ArrayBuffer {
  transfer?(length: number): ArrayBuffer;
}

/**
 * The engine returns a copy of what it wrote into a given tensor. Left to the garbage collector, copies of megabytes
 * make it stop the program after every other run; a buffer that is transferred to nowhere is free at once.
 */
function freeCopy(output: OrtTensor | undefined, target: OrtTensor): void {
  const data: unknown = output?.data;
  if (!ArrayBuffer.isView(data) || !(data.buffer instanceof ArrayBuffer)) return;
  const given: unknown = target.data;
  if (ArrayBuffer.isView(given) && given.buffer === data.buffer) return;
  // Node 20 cannot: there the collector does it, and only the time differs.
  (data.buffer as TransferableBuffer).transfer?.(0);
}

function createTensor(Tensor: typeof OrtTensor, { dtype, data, dims }: Tensor): OrtTensor {
  switch (dtype) {
    case "string":
      return new Tensor("string", data as string[], dims);
    case "int64":
      return new Tensor("int64", data, dims);
    case "bool":
      return new Tensor("bool", data, dims);
    default:
      return new Tensor(data, dims);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
