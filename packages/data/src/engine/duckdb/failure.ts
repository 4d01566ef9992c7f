/** DuckDB's errors in our words. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import type { Source } from "../dialect.ts";

const textOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

/** The sentence of a DuckDB message without its class and its list of options. */
function firstSentence(text: string): string {
  return (text.split("\n")[0] ?? text).replace(/^[A-Z][A-Za-z ]* Error: /, "").trim();
}

const storageFailure =
  /No space left on device|Permission denied|Read-only file system|Not a directory|Cannot open file|Could not (write|create|move)|max_temp_directory_size/;

/** What went wrong while the engine ran `step`; `path` is what it was writing. */
export function engineFailure(cause: unknown, step: string, path: string): AttuneError {
  if (isAttuneError(cause)) return cause;
  const text = textOf(cause);
  if (storageFailure.test(text)) {
    return new AttuneError("FILE_WRITE", { path, reason: firstSentence(text) }, { cause });
  }
  return new AttuneError("DATA_ENGINE", { step, reason: firstSentence(text) }, { cause });
}

/** What went wrong while a source file was read. The engine's own troubles are not blamed on the file. */
export function sourceFailure(cause: unknown, source: Source, tempDir: string): AttuneError {
  const text = textOf(cause);
  if (/^Out of Memory|No space left on device|max_temp_directory_size/.test(text)) {
    return engineFailure(cause, `reading ${source.path}`, tempDir);
  }
  return new AttuneError("DATA_MALFORMED", { path: source.path, reason: firstSentence(text) }, { cause });
}
