/** The `Session` port on onnxruntime-web/wasm in a worker, and artifacts by URL. Layer 3, browser. */

// Artifacts by URL
export { type ArtifactLocation, fetchListed, locateArtifact } from "./artifact/locate-artifact.ts";
export { openWebArtifact, type WebArtifact, type WebArtifactOptions } from "./artifact/open-web-artifact.ts";
// Session
export {
  createWebSession,
  type ModelByBytes,
  type ModelByUrl,
  type WebRuntimeOptions,
  type WebSessionOptions,
} from "./create-web-session.ts";
export type { ModelProgress } from "./protocol.ts";
export { type SessionWorker, spawnWorkerFrom } from "./spawn-worker.ts";
