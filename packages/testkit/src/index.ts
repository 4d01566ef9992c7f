/** Conformance suites, fakes, tiny artifacts and tolerances shared by our tests. Private; may import layers 0 to 2. */

// Conformance of sessions
export { type ConformanceCase, conformanceCases } from "./conformance/cases.ts";
export { expectError } from "./conformance/expect-error.ts";
export { type ConformanceModel, conformanceModels, echoModels, sumModel } from "./conformance/models.ts";
// Comparing
export { exact, expectClose, expectSame, type Tolerance } from "./expect-close.ts";
// Fakes
export { createFakeConformanceSession, createFakeSession, type FakeModel } from "./fake-session.ts";
// Data
export { encodeOnnx, type RawGraph, type RawNode } from "./onnx-bytes.ts";
// The tiny recommender
export { type TinyArtifact, tinyArtifact, tinyGolden, tinyManifest } from "./recommend/tiny-artifact.ts";
export { encodeTinyModel } from "./recommend/tiny-graph.ts";
export {
  recommendInputs,
  recommendOutputs,
  recommendTiny,
  type TinyCatalogue,
  type TinyRequest,
  tinyCatalogue,
  tinyFakeModel,
} from "./recommend/tiny-reference.ts";
export { type Seeded, seeded } from "./seeded.ts";
export { type ConformanceSkips, sessionConformance } from "./session-conformance.ts";
export { bool, float32, float64, int32, int64, strings } from "./tensors.ts";
