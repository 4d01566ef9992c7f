/** A user's own tfjs model to ONNX, held to tfjs. Node only: it reads files. */

// The files
export type { TfjsModelKind } from "./files/model-json.ts";
export { readTfjsModel, type TfjsModelFile } from "./files/read-tfjs-model.ts";
// The model
export { type LoadedTfjsModel, loadTfjsModel } from "./load-tfjs-model.ts";
export type { InputDataType, ModelInput } from "./model-input.ts";
// Parity
export { type SeededInputOptions, seedInputs } from "./parity/seeded-inputs.ts";
export {
  assertTensorParity,
  compareCases,
  type ParityCase,
  predictSeeded,
  runCases,
  type TensorParity,
} from "./parity/tensor-parity.ts";
export { type TfjsExportOptions, traceTfjsModel } from "./trace-tfjs-model.ts";
