/** Conformance suites, fakes, tiny artifacts and tolerances shared by our tests. Private; may import layers 0 to 2. */

// Artifacts
export type { ArtifactFiles, ChangeManifest } from "./artifact/tiny-files.ts";
export { type TinyRow, tinyColumns } from "./columns/tiny-columns.ts";
// Conformance of sessions
export { type ConformanceCase, conformanceCases } from "./conformance/cases.ts";
export { expectError } from "./conformance/expect-error.ts";
export { type ConformanceModel, conformanceModels, echoModels, sumModel } from "./conformance/models.ts";
// Comparing
export { exact, expectClose, expectSame, type Tolerance } from "./expect-close.ts";
export { failureOf } from "./failure-of.ts";
// Sessions
export { createFakeConformanceSession, createFakeSession, type FakeModel } from "./fake-session.ts";
// Data
export { encodeOnnx, type RawGraph, type RawNode } from "./onnx-bytes.ts";
// The tiny row tasks
export {
  type TinyPredictCase,
  tinyPredictArtifact,
  tinyPredictCases,
  tinyPredictFake,
  tinyPredictGolden,
  tinyPredictManifest,
  tinyTasks,
} from "./predict/tiny-predict-artifact.ts";
export type { TinyTask } from "./predict/tiny-task.ts";
// Datasets whose answer is known
export {
  type BoardOptions,
  checkerboard,
  checkerboardDataset,
  datasetFrom,
  datasetManifestOf,
  type Event,
  interactionsFrom,
} from "./recommend/checkerboard.ts";
// The tiny recommender
export { recommendInputs, recommendOutputs } from "./recommend/signature.ts";
export { type TinyArtifact, tinyArtifact, tinyGolden, tinyManifest } from "./recommend/tiny-artifact.ts";
export { tinyFakeModel } from "./recommend/tiny-fake.ts";
export { encodeTinyModel } from "./recommend/tiny-graph.ts";
export {
  contextualCatalogue,
  recommendTiny,
  type TinyCatalogue,
  type TinyRequest,
  tinyCatalogue,
} from "./recommend/tiny-reference.ts";
export { type Seeded, seeded } from "./seeded.ts";
export { type ConformanceSkips, sessionConformance } from "./session-conformance.ts";
export { bool, float32, float64, int32, int64, strings } from "./tensors.ts";
export { createTestSession } from "./test-session.ts";
