/**
 * A `Session` over an engine with the API of onnxruntime-common. The engine arrives as an argument, so the adapters
 * of Node and of the browser share every check and conversion, and this package depends on neither.
 */
import {
  AttuneError,
  type DataType,
  type Dim,
  isAttuneError,
  type RuntimeInfo,
  type Session,
  type Tensor,
  type ValueInfo,
} from "@attune/contracts";
import { checkFeeds, checkFetches } from "./check-feeds.ts";

/** What onnxruntime says of an input or output. */
export interface EngineValueMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

/** A tensor as onnxruntime hands it out. */
export interface EngineTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
}

/** A loaded onnxruntime session, as far as it is needed here. `T` is the engine's own tensor class. */
export interface Engine<T extends EngineTensor> {
  readonly runtime: RuntimeInfo;
  readonly inputMetadata: readonly EngineValueMetadata[];
  readonly outputMetadata: readonly EngineValueMetadata[];
  createTensor(tensor: Tensor): T;
  run(feeds: Record<string, T>, fetches: readonly string[]): Promise<Readonly<Record<string, T>>>;
  release(): Promise<void>;
}

const dataTypes = {
  float32: true,
  float64: true,
  int32: true,
  int64: true,
  bool: true,
  string: true,
} as const satisfies Record<DataType, true>;

/**
 * Makes the port from an engine: feeds are checked first, `close()` waits for runs under way and frees the engine once.
 *
 * @throws {AttuneError} `RUNTIME_LOAD` when the graph has inputs or outputs that are no tensors of our dtypes.
 */
export function createEngineSession<T extends EngineTensor>(engine: Engine<T>): Session {
  const { runtime } = engine;
  const inputs = describe(engine.inputMetadata, "input", runtime);
  const outputs = describe(engine.outputMetadata, "output", runtime);
  const allOutputs = outputs.map((output) => output.name);
  let activeCount = 0;
  let whenIdle: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  async function run(feeds: Readonly<Record<string, Tensor>>, fetches: readonly string[] = allOutputs) {
    if (closing !== undefined) throw new AttuneError("RUNTIME_CLOSED", { what: "the session" });
    const issues = checkFeeds(inputs, feeds);
    const unknown = fetches === allOutputs ? [] : checkFetches(outputs, fetches);
    if (issues.length + unknown.length > 0) {
      throw new AttuneError("RUNTIME_RUN", { runtime: runtime.name, issues: [...issues, ...unknown] });
    }
    if (fetches.length === 0) return {};
    activeCount++;
    try {
      return await runEngine(engine, feeds, fetches);
    } finally {
      activeCount--;
      if (activeCount === 0) whenIdle?.();
    }
  }

  async function close() {
    if (activeCount > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
    await engine.release();
  }

  return {
    inputs,
    outputs,
    runtime,
    run,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

async function runEngine<T extends EngineTensor>(
  engine: Engine<T>,
  feeds: Readonly<Record<string, Tensor>>,
  fetches: readonly string[],
): Promise<Record<string, Tensor>> {
  try {
    const engineFeeds: Record<string, T> = {};
    for (const name of Object.keys(feeds)) engineFeeds[name] = engine.createTensor(feeds[name]!);
    const results = await engine.run(engineFeeds, fetches);
    const outputs: Record<string, Tensor> = {};
    for (const name of fetches) {
      const { type, dims, data } = results[name]!;
      // The dtype was checked when the graph was loaded, and onnxruntime's storage per dtype is ours.
      outputs[name] = { dtype: type, dims, data } as Tensor;
    }
    return outputs;
  } catch (cause) {
    // From behind a worker: already in our words.
    if (isAttuneError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("RUNTIME_RUN", { runtime: engine.runtime.name, issues: [reason] }, { cause });
  }
}

function describe(
  metadata: readonly EngineValueMetadata[],
  kind: "input" | "output",
  runtime: RuntimeInfo,
): readonly ValueInfo[] {
  const bad = metadata.filter(({ isTensor, type }) => !isTensor || !Object.hasOwn(dataTypes, type ?? ""));
  if (bad.length > 0) {
    const reason = bad.map(({ name, type }) => `${kind} ${name} is ${type ?? "no tensor"}`).join("; ");
    throw new AttuneError("RUNTIME_LOAD", {
      runtime: runtime.name,
      reason: `${reason}; supported are tensors of ${Object.keys(dataTypes).join(", ")}`,
    });
  }
  return metadata.map(({ name, type, shape = [] }) => ({
    name,
    dtype: type as DataType,
    dims: shape.map((dim): Dim => (dim === "" ? undefined : dim)),
  }));
}
