/** DuckDB's errors in our words. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import { findBrokenJsonLine } from "../../text-file/json-line.ts";
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
export async function sourceFailure(cause: unknown, source: Source, tempDir: string): Promise<AttuneError> {
  const text = textOf(cause);
  if (/^Out of Memory|No space left on device|max_temp_directory_size/.test(text)) {
    return engineFailure(cause, `reading ${source.path}`, tempDir);
  }
  const reason = source.format === "jsonl" ? await findBrokenJsonLine(source.path) : csvReason(text);
  const details = { path: source.path, reason: reason ?? firstSentence(text) };
  return new AttuneError("DATA_MALFORMED", details, { cause });
}

function csvReason(text: string): string | undefined {
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const widths = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  if (widths)
    return `line ${line} has ${widths[2]} ${widths[2] === "1" ? "column" : "columns"}, the header has ${widths[1]}`;
  if (/unterminated quote/.test(text)) return `line ${line} opens a quote that is never closed`;
  if (/state machine reached an invalid state/.test(text)) {
    return "its quotes are broken or its line ends are mixed (CRLF and LF)";
  }
  if (/Maximum line size/i.test(text))
    return `line ${line} is too long; a quote before it may never be closed`;
  return undefined;
}
