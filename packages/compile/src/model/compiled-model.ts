/** What tfjs's own `model.compile` made of a loss and metrics: names resolved, one function per output. */
import { AttuneError } from "@attune/contracts";
import type * as tf from "@tensorflow/tfjs-core";
import type { LayersModel, ModelCompileArgs } from "@tensorflow/tfjs-layers";

/** tfjs's losses give one number a row (or more); metrics too. */
export type LossOrMetric = (target: tf.Tensor, output: tf.Tensor) => tf.Tensor;

export interface CompiledModel {
  readonly optimizer: tf.Optimizer;
  /** One per output. */
  readonly losses: readonly LossOrMetric[];
  /** Names as in tfjs's logs. */
  readonly metrics: readonly {
    readonly name: string;
    readonly compute: LossOrMetric;
    readonly output: number;
  }[];
  /** Whether the output's targets are class numbers. */
  readonly isSparse: readonly boolean[];
}

/**
 * Compiles the model, unless it is compiled already and nothing else is asked for.
 *
 * @throws {AttuneError} `TRAIN_OPTIONS` with what tfjs says, or with what is missing.
 */
export function compileModel(
  model: LayersModel,
  args: Partial<ModelCompileArgs>,
  kind: string,
): CompiledModel {
  const refuse = (issue: string, cause?: unknown): never => {
    throw new AttuneError("TRAIN_OPTIONS", { kind, issues: [issue] }, { cause });
  };
  const { loss, metrics } = args;
  const optimizer = args.optimizer ?? (model.optimizer as tf.Optimizer | undefined);
  if (optimizer === undefined)
    return refuse("optimizer is missing; give one of tf.train.*, or compile the model");
  if (loss !== undefined || metrics !== undefined || typeof args.optimizer === "string") {
    const chosen = loss ?? (Reflect.get(model, "loss") as ModelCompileArgs["loss"] | undefined);
    if (chosen === undefined) return refuse("loss is missing; give one, or compile the model");
    const missing = missingOutputs(model, chosen);
    if (missing.length > 0) return refuse(`loss has no entry for ${missing.join(", ")}`);
    try {
      model.compile({ optimizer, loss: chosen, ...(metrics && { metrics }) });
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error), error);
    }
  }
  const lossFunctions: readonly LossOrMetric[] | undefined = Reflect.get(innerModel(model), "lossFunctions");
  if (lossFunctions === undefined) return refuse("loss is missing; give one, or compile the model");
  return {
    optimizer: typeof optimizer === "string" ? model.optimizer : optimizer,
    losses: lossFunctions,
    metrics: listMetrics(model),
    isSparse: model.outputNames.map((name, at) => lossNameOf(model, name, at) === sparseLoss),
  };
}

/** The one loss of tfjs whose targets are class numbers. */
const sparseLoss = "sparseCategoricalCrossentropy";

/** What was asked for, for an output: the function itself has no name that survives a minifier. */
function lossNameOf(model: LayersModel, output: string, at: number): unknown {
  const loss: ModelCompileArgs["loss"] = Reflect.get(model, "loss");
  if (typeof loss !== "object") return loss;
  return Array.isArray(loss) ? loss[at] : loss[output];
}

/** A Sequential compiles a model inside itself. */
function innerModel(model: LayersModel): LayersModel {
  return (Reflect.get(model, "model") as LayersModel | null | undefined) ?? model;
}

function missingOutputs({ outputNames }: LayersModel, loss: ModelCompileArgs["loss"]): string[] {
  if (typeof loss !== "object" || Array.isArray(loss)) return [];
  return outputNames.filter((name) => !(name in loss));
}

/** Each output's loss first, where there are several outputs, then the metrics: as tfjs lists them. */
function listMetrics(model: LayersModel): CompiledModel["metrics"] {
  const inner = innerModel(model);
  const tensors: readonly (readonly [LossOrMetric, number])[] = Reflect.get(inner, "metricsTensors") ?? [];
  const named: (() => string[]) | undefined = Reflect.get(inner, "getDedupedMetricsNames");
  const [, ...names] = named?.call(inner) ?? [];
  return tensors.map(([compute, output], at) => ({ name: names[at] ?? `metric_${at}`, compute, output }));
}
