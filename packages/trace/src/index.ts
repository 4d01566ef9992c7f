/** Trace tfjs code into ONNX graphs. */

export type { InputSpec, Signature } from "./signature.ts";
export { type TensorsByName, type TraceOptions, traceFunction } from "./trace-function.ts";
