/** Encoder, model and ranking to one artifact. Node only: it writes folders and hashes files. */

// An older Node is refused before anything else loads.
import "@attune/store/require-node";

// Artifact
export {
  type ExportedArtifact,
  type ExportedArtifactOf,
  type ExportOptions,
  exportArtifact,
} from "./artifact/export-artifact.ts";
export { createTritonConfig } from "./artifact/triton-config.ts";
export { writeParity } from "./artifact/write-parity.ts";
// Model card and report
export { type CardOptions, createModelCard } from "./card/model-card.ts";
// Golden rows
export type { People } from "./golden/made-up/people.ts";
export { createGoldenRows, type GoldenInput } from "./golden/recommend/golden-rows.ts";
export {
  createReference,
  type Reference,
  type ReferenceAnswer,
  type ReferenceInput,
  type ReferenceRequest,
} from "./golden/recommend/reference.ts";
export { createGoldenTableRows, type GoldenRowsInput } from "./golden/rows/golden-rows.ts";
// Graphs
export { checkArtifactModel } from "./graph/check-artifact-model.ts";
export { buildClassifyGraph } from "./graph/classify/classify-graph.ts";
export { buildHierarchicalGraph } from "./graph/hierarchical/hierarchical-graph.ts";
export { type GraphOrigin, metadataKeys } from "./graph/metadata.ts";
export {
  assertSize,
  type ProjectedSize,
  projectSize,
  type SizeInput,
  type SizePart,
} from "./graph/project-size.ts";
export {
  buildRecommendGraph,
  type RecommendGraphInput,
  type RequestLimits,
} from "./graph/recommend/recommend-graph.ts";
export { buildRegressGraph } from "./graph/regress/regress-graph.ts";
export type { RowGraphInput } from "./graph/row-graph.ts";
export { createReport } from "./report/create-report.ts";
export type { ReportFacts } from "./report/facts.ts";
// What an export takes, by task
export type { ExportInput } from "./task/export-input.ts";
