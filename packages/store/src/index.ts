/** Content keys, file hashes, and folders that appear whole or not at all. Layer 1; Node only. */

// Keys
export { type ContentInputs, canonicalJson, contentKey } from "./content-key.ts";
// Failures
export { writeFailure } from "./failure.ts";
// Hashes
export { type FileHash, hashBytes, hashFile } from "./hash.ts";
// Reading
export { readBytes } from "./read-bytes.ts";
// Writing
export { createStaging, type KeepExisting, type Staging } from "./staging/staging.ts";
export { type Files, jsonBytes, replaceFiles, writeFolder } from "./write-files.ts";
