/** A loss, its gradients and an optimizer's update → one graph: state and batch in, new state and loss out. */
import { AttuneError, type Tensor } from "@attune/contracts";
import { type Model, opsetRange } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import type { TraceSession } from "../backend/trace-session.ts";
import { withTrace } from "../backend/with-trace.ts";
import { type EmitOptions, emitModel } from "../graph/emit.ts";
import type { TracedGraph } from "../graph/graph.ts";
import { copyTransposedFactors, makeDeterministic, simplify } from "../passes/index.ts";
import { updateScope } from "../passes/phase.ts";
import { checkSignature, chooseSizes, dimsAt, type Signature } from "../signature.ts";
import type { Trace } from "../unify/trace.ts";
import { unifyTraces } from "../unify/unify.ts";
import { borrowVariables } from "./borrow-variables.ts";
import { differentiate, type Loss } from "./differentiate.ts";
import type { Noise, NoiseInput, NoiseKind } from "./noise.ts";
import { copyOptimizer, disposeOptimizer, learningRateOf, type OptimizerCopy } from "./optimizer-state.ts";
import { type Packing, packTensors } from "./pack-tensors.ts";
import { type SparseProduct, takeSparseProducts } from "./sparse-products.ts";
import { splitUpdate } from "./split-update.ts";
import { transposeTall } from "./transpose-layout.ts";
import { applyUpdate, type UpdateOptions } from "./update.ts";
import type { UpdateProgram } from "./update-program.ts";

export interface TrainStepOptions {
  /** Name of the graph, and of the loss in errors. Default `training step`. */
  readonly name?: string;
  readonly loss: Loss;
  /** dtype and dims of each tensor of the batch. */
  readonly signature: Signature;
  /** What is trained, by name. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** Other variables that the loss reads or assigns, such as moving means, by name. */
  readonly state?: Readonly<Record<string, tf.Variable>>;
  /** One of tf.train.*; a copy of it is traced, the given one stays as it is. */
  readonly optimizer: tf.Optimizer;
  /** Gradient clipping and weight decay. */
  readonly update?: UpdateOptions;
  /** Whether small tensors of the split step lie in larger ones, see `Packing`. Default false. */
  readonly packsSmall?: boolean;
  /** Opset of ai.onnx, 17 to 21. Default 21. */
  readonly opset?: number;
}

/** One tensor that goes from step to step. */
export interface StateTensor {
  /** Name of the graph's input. */
  readonly name: string;
  /** Name of the graph's output with the new value; `undefined` = the step does not change it. */
  readonly next: string | undefined;
  readonly role: "variable" | "state" | "slot";
  readonly initial: Tensor;
}

export interface SplitTraining {
  readonly model: Model;
  readonly program: UpdateProgram;
  /** Where the small tensors lie in those that model and program know instead; `undefined` = none were packed. */
  readonly packing: Packing | undefined;
  /** `model` without the products that a sparse batch is better multiplied by outside; `undefined` = it has none. */
  readonly sparse: { readonly model: Model; readonly products: readonly SparseProduct[] } | undefined;
}

export interface TrainStep {
  /** The whole step in one graph. */
  readonly model: Model;
  /**
   * The same step in two parts: a graph that gives the loss and the gradients, and the update as arithmetic that runs
   * in place. `undefined` where the update is not arithmetic on elements.
   */
  readonly split: SplitTraining | undefined;
  /** Variables, other state, and the optimizer's slots, in this order. */
  readonly state: readonly StateTensor[];
  readonly noise: readonly NoiseInput[];
  /** Name of the float32 scalar input. */
  readonly learningRate: { readonly name: string; readonly initial: number };
  /** Outputs with the metrics' values, beside `loss`. */
  readonly metrics: readonly string[];
}

const rateName = "learning_rate";

/** Learning rates of the three traces: what follows them in the graph hangs on the input. */
const tracedRates = [0.0117, 0.0131, 0.0173] as const;

/**
 * Traces one step of training. tfjs's own automatic differentiation and optimizer run under the tracer, so the graph
 * computes what `optimizer.minimize` would. The learning rate and all noise are inputs.
 *
 * @throws {AttuneError} `TRACE_LOSS` when the loss is not one float32 number, `TRACE_UNREACHED` with the variables it
 * does not hang on, and what `traceFunction` throws.
 */
export function traceTrainStep(options: TrainStepOptions): TrainStep {
  const { name: what = "training step", signature, variables, state = {}, optimizer } = options;
  const { opset = opsetRange[""].max } = options;
  checkNames(what, signature, { ...variables, ...state });
  checkSignature(signature, what);
  const sizes = chooseSizes(signature);
  const withRates = tracedRates.map((rate, at) => ({ ...sizes[at % sizes.length], [rateName]: rate }));
  const initial = Object.entries({ ...variables, ...state }).map(
    ([name, variable]) => [name, readTensor(variable)] as const,
  );
  let noise: readonly NoiseDraft[] = [];
  let slots: OptimizerCopy["slots"] = [];
  let metrics: readonly string[] = [];
  const traces = withRates.map((size) => {
    const copy = copyOptimizer(optimizer, size[rateName] ?? 0, variables, what);
    try {
      const step = traceOnce(options, what, size, copy);
      ({ noise, metrics } = step);
      ({ slots } = copy);
      return step.trace;
    } finally {
      disposeOptimizer(copy.optimizer);
    }
  });
  const graph = simplify(unifyTraces(traces, withRates, what));
  const changed = new Set(graph.outputs.map(({ name }) => name));
  const stateTensor = (role: StateTensor["role"], name: string, initial: Tensor): StateTensor => ({
    name,
    next: changed.has(nextName(name)) ? nextName(name) : undefined,
    role,
    initial,
  });
  return {
    model: emitModel(makeDeterministic(graph), { name: what, opset }),
    split: splitStep(graph, {
      emit: { name: what, opset },
      batch: new Set(Object.keys(signature)),
      packed: options.packsSmall ? ["loss", ...metrics] : undefined,
    }),
    state: [
      ...initial.map(([name, tensor]) => stateTensor(name in variables ? "variable" : "state", name, tensor)),
      ...slots.map((slot) => stateTensor("slot", slot.name, slot.initial)),
    ],
    noise: noise.map((draft) => ({ ...draft, dims: inputDims(graph, draft.name) })),
    learningRate: { name: rateName, initial: learningRateOf(optimizer) },
    metrics,
  };
}

interface SplitStepOptions {
  readonly emit: EmitOptions;
  /** Names of the batch's tensors. */
  readonly batch: ReadonlySet<string>;
  /** Names of the numbers to pack with small tensors; `undefined` = nothing is packed. */
  readonly packed: readonly string[] | undefined;
}

function splitStep(
  graph: TracedGraph,
  { emit: options, batch, packed }: SplitStepOptions,
): SplitTraining | undefined {
  const state = graph.inputs.map((input) => ({ name: input.name, next: nextName(input.name) }));
  const cut = splitUpdate(graph, { state, learningRate: rateName, scope: updateScope });
  if (cut === undefined) return undefined;
  // Both graphs work on one state, and a sparse row picks rows of the weight.
  const picked = takeSparseProducts(cut, batch)?.products.map(({ weight }) => weight);
  const turned = transposeTall(cut, new Set(picked));
  const split = packed ? packTensors(turned, packed) : { ...turned, packing: undefined };
  const sparse = takeSparseProducts(split, batch);
  const emit = (gradients: TracedGraph) =>
    emitModel(makeDeterministic(copyTransposedFactors(gradients)), options);
  return {
    model: emit(split.graph),
    program: split.program,
    packing: split.packing,
    sparse: sparse && { model: emit(sparse.graph), products: sparse.products },
  };
}

function nextName(name: string): string {
  return `${name}/next`;
}

function inputDims(graph: TracedGraph, name: string): NoiseInput["dims"] {
  return graph.inputs.find((input) => input.name === name)?.value.dims ?? [];
}

type NoiseDraft = { readonly name: string; readonly kind: NoiseKind };

interface OneTrace {
  readonly trace: Trace;
  readonly noise: readonly NoiseDraft[];
  readonly metrics: readonly string[];
}

function traceOnce(
  options: TrainStepOptions,
  what: string,
  size: Readonly<Record<string, number>>,
  copy: OptimizerCopy,
): OneTrace {
  const { signature, variables, state = {}, update = {} } = options;
  const held: Readonly<Record<string, tf.Variable>> = {
    ...variables,
    ...state,
    ...Object.fromEntries(copy.slots.map(({ name, variable }) => [name, variable])),
  };
  return borrowVariables(Object.values(held), () =>
    withTrace({ what, names: new Map() }, (session): OneTrace => {
      const { recorder } = session;
      const batch = Object.fromEntries(
        Object.entries(signature).map(([name, spec]) => [
          name,
          session.toTensor(recorder.input(name, spec.dtype, dimsAt(spec, size))),
        ]),
      );
      recorder.input(rateName, "float32", []);
      for (const [name, variable] of Object.entries(held)) {
        session.bind(variable.dataId, recorder.input(name, variable.dtype as "float32", variable.shape));
      }
      const before = new Map(Object.entries(held).map(([name, { dataId }]) => [name, dataId]));
      const { noise, drafts } = createTracedNoise(session);
      const { loss, metrics, gradients } = differentiate({
        what,
        loss: options.loss,
        variables,
        batch,
        noise,
        sizes: size,
        onPhase: followPhases(recorder),
      });
      recorder.path.splice(0, recorder.path.length, updateScope);
      applyUpdate(copy.optimizer, variables, gradients, update);
      recorder.path.pop();
      const next = Object.entries(held).flatMap(([name, variable]) =>
        variable.dataId === before.get(name)
          ? []
          : [{ name: nextName(name), value: session.valueOf(variable) }],
      );
      const reported = Object.entries(metrics).map(([name, tensor]) => ({
        name,
        value: session.valueOf(tensor),
      }));
      tf.dispose(Object.values(metrics));
      const outputs = [{ name: "loss", value: session.valueOf(loss) }, ...reported, ...next];
      return { trace: { recorder, outputs }, noise: drafts, metrics: Object.keys(metrics) };
    }),
  );
}

/** Names on the recorder's path, so that the nodes of loss and gradient are told apart. */
function followPhases(recorder: TraceSession["recorder"]): (phase: "loss" | "gradient") => void {
  const { path } = recorder;
  recorder.placeOf = (place) => {
    const [phase, ...layers] = place.split("/");
    return layers.length === 0 ? `in the ${phase}` : `in layer "${layers.join("/")}"`;
  };
  return (phase) => {
    if (phase === "gradient") path.pop();
    path.push(phase);
  };
}

function createTracedNoise(session: TraceSession): { noise: Noise; drafts: NoiseDraft[] } {
  const drafts: NoiseDraft[] = [];
  const draw = (kind: NoiseKind) => (shape: readonly number[]) => {
    const name = `noise_${drafts.length}`;
    drafts.push({ name, kind });
    return session.toTensor(session.recorder.input(name, "float32", shape));
  };
  return { noise: { uniform: draw("uniform"), normal: draw("normal") }, drafts };
}

function readTensor(variable: tf.Variable): Tensor {
  const { dtype, shape } = variable;
  const data = variable.dataSync();
  if (dtype === "int32") return { dtype, dims: [...shape], data: Int32Array.from(data) };
  if (dtype === "bool") return { dtype, dims: [...shape], data: Uint8Array.from(data) };
  return { dtype: "float32", dims: [...shape], data: Float32Array.from(data) };
}

/** Inputs, variables and what the step adds share the graph's names. */
function checkNames(
  what: string,
  signature: Signature,
  variables: Readonly<Record<string, tf.Variable>>,
): void {
  const reserved = ["loss", rateName];
  const issues = [
    ...Object.keys(signature).flatMap((name) =>
      name in variables ? [`"${name}" is an input and a variable`] : [],
    ),
    ...[...Object.keys(signature), ...Object.keys(variables)].flatMap((name) =>
      reserved.includes(name) || name.startsWith("noise_") ? [`the name "${name}" is taken by the step`] : [],
    ),
  ];
  if (issues.length > 0) throw new AttuneError("TRACE_SIGNATURE", { what, issues });
}
