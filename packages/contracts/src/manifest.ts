/** `@attune/contracts/manifest`: schemas of what is stored, and their parsers. Small enough for a browser (zod/mini). */
export {
  type AliasEntry,
  type AliasFile,
  type AliasTarget,
  aliasFile,
  aliasFileName,
  aliasFileVersion,
  aliasTargets,
  modelNamePattern,
} from "./manifest/alias-file.ts";
export {
  type ArtifactManifest,
  artifactFiles,
  artifactManifest,
  artifactManifestVersion,
  compressedForms,
  type LeaderboardRow,
  type ParityResult,
  signatureVersions,
} from "./manifest/artifact.ts";
export {
  countSourceRows,
  type DatasetManifest,
  datasetManifest,
  datasetManifestVersion,
  type RuleReport,
  type SideTableReport,
} from "./manifest/dataset.ts";
export type { Estimate, Interval } from "./manifest/estimate.ts";
export type { InputColumn } from "./manifest/fields.ts";
export { type GoldenFile, type GoldenRow, goldenFile, goldenFileVersion } from "./manifest/golden.ts";
export {
  formatIssues,
  parseAliasFile,
  parseArtifactManifest,
  parseDatasetManifest,
  parseGoldenFile,
  parseJsonBytes,
  parseTrainingManifest,
} from "./manifest/parse.ts";
export {
  type Challenge,
  type Pruning,
  type TrainedModel,
  type TrainingManifest,
  trainingManifest,
  trainingManifestVersion,
} from "./manifest/training.ts";
