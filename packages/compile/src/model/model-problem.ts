/** A tfjs model as something to train: tfjs's own training function, on tensors by name. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import {
  callModel,
  type InputSpec,
  type LossOutputs,
  modelSignature,
  type Noise,
  type Signature,
  type TensorsByName,
  toSymbol,
  uniqueNames,
} from "@attune/trace";
import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel, layers } from "@tensorflow/tfjs-layers";
import type { CompileModelOptions } from "../options.ts";
import type { TrainingProblem } from "../problem.ts";
import { type CompiledModel, compileModel } from "./compiled-model.ts";
import { listIdRanges } from "./id-ranges.ts";
import { prepareModelData } from "./model-data.ts";

/**
 * Losses, metrics and regularizers as `model.fit` computes them: the mean over each output's loss, their sum, and the
 * penalties of the layers.
 *
 * @throws {AttuneError} `TRAIN_OPTIONS`, `TRACE_SIGNATURE`.
 */
export function createModelProblem(model: LayersModel, options: CompileModelOptions): TrainingProblem {
  const { name = model.name, clip, weightDecay, dims } = options;
  // A Sequential knows its inputs only when built.
  if (!model.built && model.inputs.length > 0) model.build(model.inputs.map(({ shape }) => shape));
  checkStateless(model, name);
  const compiled = compileModel(model, options, name);
  const inputNames = model.inputs.map((input, at) => model.inputNames[at] ?? input.name);
  const targetNames = uniqueNames(model.outputNames, inputNames);
  const weightNames = targetNames.map((target) => `${target}/weight`);
  const signature = createSignature(model, compiled, { inputNames, targetNames, dims, name });
  const { variables, state } = listWeights(model, [...Object.keys(signature), ...weightNames]);
  const forward = (batch: TensorsByName, noise?: Noise) => {
    const given = inputNames.map((input) => batch[input] as tf.Tensor);
    return measure(compiled, callModel(model, given, noise), {
      targets: targetNames.map((target) => batch[target] as tf.Tensor),
      weights: weightNames.map((weight) => batch[weight]),
    });
  };
  return {
    name,
    signature,
    weights: Object.fromEntries(weightNames.map((weight, at) => [weight, targetNames[at] as string])),
    variables,
    state,
    loss(batch, noise) {
      const outputs = forward(batch, noise);
      const penalties = model.calculateLosses();
      return { ...outputs, loss: penalties.reduce((sum, penalty) => tf.add(sum, penalty), outputs.loss) };
    },
    evaluate: (batch) => forward(batch),
    optimizer: compiled.optimizer,
    update: { ...(clip && { clip }), ...(weightDecay && { weightDecay }) },
    ranges: listIdRanges(model, compiled, inputNames, targetNames),
    prepare: (data) => prepareModelData({ inputNames, targetNames, weightNames, signature }, data),
  };
}

/** The states of such layers are no weights: a compiled step would not carry them on. */
function checkStateless(model: LayersModel, kind: string): void {
  const stateful = model.layers.filter((layer) => Reflect.get(layer, "stateful") === true);
  if (stateful.length === 0) return;
  const names = stateful.map(({ name }) => name).join(", ");
  const issues = [`${names}: stateful layers cannot be trained; make them without \`stateful\``];
  throw new AttuneError("TRAIN_OPTIONS", { kind, issues });
}

/**
 * What a failed trace of the model is about, where that can be told: recurrent layers loop over time, and a graph holds
 * as many steps as there were.
 */
export function explainFailure(model: LayersModel, error: unknown): unknown {
  if (!isAttuneError(error, "TRACE_SHAPE_DEPENDENT")) return error;
  const looping = model.layers.filter((layer) => isRecurrent(layer) && hasFreeTime(layer));
  if (looping.length === 0) return error;
  const { what, issues } = error.details;
  const names = looping.map(({ name }) => name).join(", ");
  const dims = model.inputNames.map((name, at) => {
    const [, ...rest] = model.inputs[at]?.shape ?? [];
    return `${JSON.stringify(name)}: ${JSON.stringify(["batch", ...rest.map((dim) => dim ?? 20)])}`;
  });
  const advice = `${names}: each time step is trained by itself, so their number must be fixed, such as dims: { ${dims.join(", ")} }`;
  return new AttuneError("TRACE_SHAPE_DEPENDENT", { what, issues: [advice, ...issues] }, { cause: error });
}

function isRecurrent(layer: layers.Layer): boolean {
  return ["cell", "forwardLayer"].some((part) => Reflect.get(layer, part) !== undefined);
}

function hasFreeTime(layer: layers.Layer): boolean {
  const { input } = layer;
  return (Array.isArray(input) ? input : [input]).some(({ shape }) => shape[1] === null);
}

interface SignatureOptions {
  readonly inputNames: readonly string[];
  readonly targetNames: readonly string[];
  readonly dims: CompileModelOptions["dims"];
  readonly name: string;
}

function createSignature(model: LayersModel, compiled: CompiledModel, options: SignatureOptions): Signature {
  const { inputNames, targetNames, dims = {}, name } = options;
  const given = Object.entries(dims);
  const inputs = model.inputs.map(({ dtype, shape }, at) => ({ name: inputNames[at] ?? "", dtype, shape }));
  const ofInputs = Object.fromEntries(given.filter(([input]) => !targetNames.includes(input)));
  const signature = modelSignature(inputs, name, ofInputs);
  return { ...signature, ...targetSignature(model, compiled, targetNames, signature, dims) };
}

/** Targets have the shapes of the outputs, but class numbers have one in place of the last axis. */
function targetSignature(
  model: LayersModel,
  { isSparse }: CompiledModel,
  targetNames: readonly string[],
  inputs: Signature,
  dims: CompileModelOptions["dims"] = {},
): Signature {
  const [first] = Object.values(inputs);
  return Object.fromEntries(
    targetNames.map((target, at): [string, InputSpec] => {
      const shape = model.outputs[at]?.shape ?? [];
      const given = isSparse[at] ? [...shape.slice(0, -1), 1] : shape;
      const named = given.map((dim, axis) => dim ?? first?.dims[axis] ?? `${toSymbol(target)}_${axis}`);
      return [target, { dtype: "float32", dims: dims[target] ?? named }];
    }),
  );
}

function listWeights(
  model: LayersModel,
  taken: readonly string[],
): Pick<TrainingProblem, "variables" | "state"> {
  const names = uniqueNames(
    model.weights.map(({ originalName }) => originalName),
    taken,
  );
  const trainable = new Set(model.trainableWeights);
  const named = model.weights.map((weight, at) => ({
    name: names[at] as string,
    // tfjs's types hide that a weight is a variable.
    variable: weight.read() as tf.Variable,
    isTrained: trainable.has(weight),
  }));
  const pick = (isTrained: boolean) =>
    Object.fromEntries(
      named.filter((weight) => weight.isTrained === isTrained).map(({ name, variable }) => [name, variable]),
    );
  return { variables: pick(true), state: pick(false) };
}

interface Labels {
  /** One per output. */
  readonly targets: readonly tf.Tensor[];
  /** `[batch]` weights of the rows, where there are any. */
  readonly weights: readonly (tf.Tensor | undefined)[];
}

function measure(
  { losses, metrics }: CompiledModel,
  outputs: readonly tf.Tensor[],
  labels: Labels,
): LossOutputs {
  const { targets, weights } = labels;
  const at = <T>(list: readonly T[], index: number) => list[index] as T;
  const means = losses.map((loss, index) =>
    tf.mean(weigh(loss(at(targets, index), at(outputs, index)), weights[index])),
  );
  const reported = metrics.map(({ name, compute, output }, index) => {
    // With several outputs their losses are the first metrics; they are not computed twice.
    const isLoss = outputs.length > 1 && index < outputs.length;
    return [
      name,
      isLoss ? at(means, index) : tf.mean(compute(at(targets, output), at(outputs, output))),
    ] as const;
  });
  return { loss: means.reduce((sum, mean) => tf.add(sum, mean)), metrics: Object.fromEntries(reported) };
}

/** Each row's loss times its weight. tfjs's own does so for losses of one number a row; here rows may have more. */
function weigh(loss: tf.Tensor, weights: tf.Tensor | undefined): tf.Tensor {
  if (weights === undefined) return loss;
  const isColumn = loss.rank <= 1;
  return tf.mul(loss, isColumn ? weights : tf.reshape(weights, [-1, ...loss.shape.slice(1).map(() => 1)]));
}
