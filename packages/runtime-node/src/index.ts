/** The `Session` port on onnxruntime-node, and artifact folders from disk. Layer 3, Node. */

// Artifact folders
export { type OpenArtifact, type OpenArtifactOptions, openArtifact } from "./artifact/open-artifact.ts";
export { type Artifact, readArtifact } from "./artifact/read-artifact.ts";
// Session
export { createNodeSession } from "./create-node-session.ts";
