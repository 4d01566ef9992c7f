/**
 * A `Session` over an engine with the API of onnxruntime-common. The engine arrives as an argument, so the adapters
 * of Node and of the browser share every check and conversion, and this package depends on neither.
 */
import {
  AttuneError,
  type DataType,
  type Dim,
  isAttuneError,
  type RunOptions,
  type RuntimeInfo,
  type Session,
  type Tensor,
  type ValueInfo,
} from "@attune/contracts";
import { checkFeeds, checkFetches, checkInto } from "./check-feeds.ts";

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
  /** `into`: tensors to write outputs into; given only where the engine shares memory. */
  run(
    feeds: Record<string, T>,
    fetches: readonly string[],
    into: Readonly<Record<string, T>>,
  ): Promise<Readonly<Record<string, T>>>;
  /** Whether the engine's tensors share memory with what they were made from, and `run` fills `into`. Default no. */
  readonly sharesMemory?: boolean;
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
  const wrap = rememberTensors(engine);
  let activeCount = 0;
  let whenIdle: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  async function run(
    feeds: Readonly<Record<string, Tensor>>,
    fetches: readonly string[] = allOutputs,
    { into = {} }: RunOptions = {},
  ) {
    if (closing !== undefined) throw new AttuneError("RUNTIME_CLOSED", { what: "the session" });
    const issues = checkFeeds(inputs, feeds);
    const unknown = [
      ...(fetches === allOutputs ? [] : checkFetches(outputs, fetches)),
      ...checkInto(outputs, into, feeds),
    ];
    if (issues.length + unknown.length > 0) {
      throw new AttuneError("RUNTIME_RUN", { runtime: runtime.name, issues: [...issues, ...unknown] });
    }
    if (fetches.length === 0) return {};
    activeCount++;
    try {
      return await runEngine(engine, wrap, { feeds, fetches, into: engine.sharesMemory ? into : {} });
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

interface Run {
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly fetches: readonly string[];
  readonly into: Readonly<Record<string, Tensor>>;
}

type Wrap<T> = (tensors: Readonly<Record<string, Tensor>>, names: Iterable<string>) => Record<string, T>;

/** Where memory is shared, a tensor that comes again, as the state of a training does, keeps its engine tensor. */
function rememberTensors<T extends EngineTensor>(engine: Engine<T>): Wrap<T> {
  const known = new WeakMap<Tensor, T>();
  return (tensors, names) => {
    const wrapped: Record<string, T> = {};
    for (const name of names) {
      const tensor = tensors[name]!;
      let own = known.get(tensor);
      if (own === undefined) {
        own = engine.createTensor(tensor);
        if (engine.sharesMemory) known.set(tensor, own);
      }
      wrapped[name] = own;
    }
    return wrapped;
  };
}

async function runEngine<T extends EngineTensor>(
  engine: Engine<T>,
  wrap: Wrap<T>,
  { feeds, fetches, into }: Run,
): Promise<Record<string, Tensor>> {
  try {
    const targets = fetches.filter((name) => into[name] !== undefined);
    const results = await engine.run(wrap(feeds, Object.keys(feeds)), fetches, wrap(into, targets));
    const outputs: Record<string, Tensor> = {};
    for (const name of fetches) {
      outputs[name] = into[name] ?? toTensor(results[name]!);
    }
    return outputs;
  } catch (cause) {
    // From behind a worker: already in our words.
    if (isAttuneError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("RUNTIME_RUN", { runtime: engine.runtime.name, issues: [reason] }, { cause });
  }
}

function toTensor({ type, dims, data }: EngineTensor): Tensor {
  // The dtype was checked when the graph was loaded, and onnxruntime's storage per dtype is ours.
  return { dtype: type, dims, data } as Tensor;
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
