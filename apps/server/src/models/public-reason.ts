/** What may be told of a failed load: a code and a sentence. Messages may hold paths, and go to the log. */
import { type ErrorCode, isAttuneError } from "@attune/contracts";

const sentences: Partial<Record<ErrorCode, string>> = {
  ARTIFACT_MISSING_FILE: "files are missing",
  ARTIFACT_HASH: "its files are not those its manifest promises",
  FILE_READ: "a file cannot be read",
  MANIFEST_INVALID: "its manifest or golden rows do not fit their schema",
  MANIFEST_VERSION: "another version of Attune wrote it",
  ONNX_PARSE: "model.onnx is no ONNX file",
  ONNX_INVALID: "model.onnx is not a valid graph",
  RUNTIME_LOAD: "the engine refuses model.onnx",
  RUNTIME_RUN: "the engine fails to run it",
  RUNTIME_SIGNATURE: "model.onnx and the manifest do not belong together",
  VERIFY_MISMATCH: "its answers to the golden rows are not the trainer's",
};

/** Codes whose messages are made of names and numbers only. */
const plain: ReadonlySet<string> = new Set<ErrorCode>([
  "SERVER_ALIASES",
  "SERVER_MODEL_UNAVAILABLE",
  "SERVER_MODEL_UNKNOWN",
  "SERVER_REPOSITORY",
  "SERVER_SWAP",
]);

/** `INTERNAL` for what is no failure of the table. */
export function codeOf(cause: unknown): string {
  return isAttuneError(cause) ? cause.code : "INTERNAL";
}

/** `ARTIFACT_HASH: its files are not those its manifest promises`, in one line. */
export function publicReason(cause: unknown): string {
  const code = codeOf(cause);
  const sentence = plain.has(code)
    ? (cause as Error).message.replaceAll(/\s*\n\s*(- )?/g, " · ")
    : (sentences[code as ErrorCode] ?? "the log has the rest");
  return `${code}: ${sentence}`;
}
