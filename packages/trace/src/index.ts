/** Trace tfjs code into ONNX graphs. */

export type { InputSpec, Signature } from "./signature.ts";
export { type TensorsByName, type TraceOptions, traceFunction } from "./trace-function.ts";
export { dropout, type Noise, type NoiseInput, type NoiseKind } from "./training/noise.ts";
export {
  type Loss,
  type LossOutputs,
  type StateTensor,
  type TrainStep,
  type TrainStepOptions,
  traceTrainStep,
} from "./training/train-step.ts";
