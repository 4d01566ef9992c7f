/** Trace tfjs code into ONNX graphs. */

export { withMissingGradients } from "./gradients/index.ts";
export type { GraphModelLike, GraphTensorInfo } from "./models/graph-model.ts";
export { toSymbol, uniqueNames } from "./models/model-names.ts";
export { type ModelInput, modelSignature, type TraceModelOptions } from "./models/model-signature.ts";
export { traceGraphModel } from "./models/trace-graph-model.ts";
export { traceLayersModel } from "./models/trace-layers-model.ts";
export type { InputSpec, Signature } from "./signature.ts";
export { type TensorsByName, type TraceOptions, traceFunction } from "./trace-function.ts";
export { callModel } from "./training/call-model.ts";
export {
  checkLoss,
  type Differentiated,
  type DifferentiateOptions,
  differentiate,
  type Loss,
  type LossOutputs,
} from "./training/differentiate.ts";
export { type EvaluationOptions, traceEvaluation } from "./training/evaluation.ts";
export { withLayerNoise } from "./training/layer-noise.ts";
export { dropout, type Noise, type NoiseInput, type NoiseKind, noiseDims } from "./training/noise.ts";
export {
  copyOptimizer,
  disposeOptimizer,
  learningRateOf,
  type OptimizerCopy,
  type Slot,
  setLearningRate,
} from "./training/optimizer-state.ts";
export type { Packing } from "./training/pack-tensors.ts";
export type { SparseProduct } from "./training/sparse-products.ts";
export { type TraceGradientsOptions, traceGradients } from "./training/trace-gradients.ts";
export {
  type SplitTraining,
  type StateTensor,
  type TrainStep,
  type TrainStepOptions,
  traceTrainStep,
} from "./training/train-step.ts";
export { applyUpdate, type GradientClip, type UpdateOptions } from "./training/update.ts";
export {
  applyUpdateOp,
  computeUpdateScalars,
  type UpdateGroup,
  type UpdateOp,
  type UpdateOperand,
  type UpdateProgram,
  type UpdateScalar,
  type UpdateStep,
  type UpdateTable,
} from "./training/update-program.ts";
