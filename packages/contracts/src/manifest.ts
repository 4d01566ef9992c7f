/** `@attune/contracts/manifest`: schemas of what is stored, and their parsers. Small enough for a browser (zod/mini). */
export {
  type ArtifactManifest,
  artifactFiles,
  artifactManifest,
  artifactManifestVersion,
  type LeaderboardRow,
  type ParityResult,
  recommendSignatureVersion,
} from "./manifest/artifact.ts";
export {
  type DatasetManifest,
  datasetManifest,
  datasetManifestVersion,
  type RuleReport,
} from "./manifest/dataset.ts";
export type { Estimate, Pruning } from "./manifest/estimate.ts";
export { type GoldenFile, type GoldenRow, goldenFile } from "./manifest/golden.ts";
export {
  formatIssues,
  parseArtifactManifest,
  parseDatasetManifest,
  parseGoldenFile,
  parseJsonBytes,
  parseTrainingManifest,
} from "./manifest/parse.ts";
export {
  type TrainedModel,
  type TrainingManifest,
  trainingManifest,
  trainingManifestVersion,
} from "./manifest/training.ts";
