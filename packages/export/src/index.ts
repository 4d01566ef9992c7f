/** Encoder, model and ranking to one artifact. Node only: it writes folders and hashes files. */

// Artifact
export {
  type ExportedArtifact,
  type ExportInput,
  type ExportOptions,
  exportArtifact,
} from "./artifact/export-artifact.ts";
export { createTritonConfig } from "./artifact/triton-config.ts";
export { writeParity } from "./artifact/write-parity.ts";
// Model card and report
export { type CardOptions, createModelCard } from "./card/model-card.ts";
// Golden rows
export { createGoldenRows, type GoldenInput, type UserHistory } from "./golden/golden-rows.ts";
export {
  createReference,
  type Reference,
  type ReferenceAnswer,
  type ReferenceInput,
  type ReferenceRequest,
} from "./golden/reference.ts";
// Graph
export { checkArtifactModel } from "./graph/check-artifact-model.ts";
export {
  assertSize,
  type ProjectedSize,
  projectSize,
  type SizeInput,
  type SizePart,
} from "./graph/project-size.ts";
export {
  buildRecommendModel,
  metadataKeys,
  type RecommendModelInput,
  type RequestLimits,
} from "./graph/recommend-model.ts";
export { createReport } from "./report/create-report.ts";
export type { ReportFacts } from "./report/facts.ts";
// A user's own tfjs model
export { type LoadedTfjsModel, loadTfjsModel } from "@attune/tfjs-export";
export type { InputDataType, ModelInput } from "@attune/tfjs-export";
export type { TfjsModelKind } from "@attune/tfjs-export";
export { readTfjsModel, type TfjsModelFile } from "@attune/tfjs-export";
export { type SeededInputOptions, seedInputs } from "@attune/tfjs-export";
export {
  assertTensorParity,
  compareCases,
  type ParityCase,
  predictSeeded,
  runCases,
  type TensorParity,
} from "@attune/tfjs-export";
export { type TfjsExportOptions, traceTfjsModel } from "@attune/tfjs-export";
