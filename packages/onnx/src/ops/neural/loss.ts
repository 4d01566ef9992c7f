/** Losses of classifiers. ONNX Runtime computes them by their definition in other ops. */
import { formatDims, unifyDims } from "../../dims.ts";
import {
  defineOp,
  floating,
  type InferContext,
  integer,
  type OpDefinition,
  optional,
  param,
  type ValueType,
} from "../define.ts";

/** Scores `[batch, classes, …]`, labels `[batch, …]` → a scalar, or one loss per label. */
function inferLoss(ctx: InferContext): readonly ValueType[] {
  const [scores, labels] = [ctx.dims(0), ctx.dims(1)];
  const scalar = ctx.string("reduction") !== "none";
  if (scores === undefined) return [{ dims: scalar ? [] : labels }, {}];
  if (scores.length < 2) ctx.issue(`${formatDims(scores)} has no axis of classes`);
  const [batch, classes, ...rest] = scores;
  const { dims, issue } = unifyDims(labels, [batch, ...rest]);
  if (issue !== undefined) ctx.issue(`labels: ${issue}`);
  const weights = unifyDims(ctx.dims(2), [classes]);
  if (weights.issue !== undefined) ctx.issue(`weights: ${weights.issue}`);
  return [{ dims: scalar ? [] : dims }, { dims: scores }];
}

function loss(
  op: string,
  names: readonly [scores: string, labels: string, output: string],
  more: readonly string[],
) {
  const [scores, labels, output] = names;
  return defineOp({
    op,
    since: 13,
    inputs: [param(scores), param(labels, "Tind"), optional("weights")],
    outputs: [param(output), ...more.map((name) => optional(name))],
    types: { T: floating, Tind: integer },
    attributes: {
      ignore_index: { type: "int" },
      reduction: { type: "string", default: "mean", oneOf: ["mean", "sum", "none"] },
    },
    infer: inferLoss,
  });
}

export const lossOps: readonly OpDefinition[] = [
  loss("NegativeLogLikelihoodLoss", ["input", "target", "loss"], []),
  loss("SoftmaxCrossEntropyLoss", ["scores", "labels", "output"], ["log_prob"]),
];
