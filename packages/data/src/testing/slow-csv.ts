/**
 * A delimited file read one character at a time, from the whole text: what the splitter is held to. Text stands for
 * bytes, a character each.
 */
import { isUtf8 } from "node:buffer";
import type { FileDefect } from "../text-file/defects.ts";

export interface SlowRow {
  readonly kind: FileDefect | "good" | "header";
  readonly line: number;
  readonly text: string;
  /** Values of a good record. */
  readonly fields?: readonly string[];
}

interface SlowRecord {
  readonly state: "whole" | "broken" | "open";
  readonly fields: readonly string[];
  readonly end: number;
}

export function readSlowly(bytes: string, delimiter = ","): SlowRow[] {
  const text = bytes.startsWith("\xef\xbb\xbf") ? bytes.slice(3) : bytes;
  const rows: SlowRow[] = [];
  let width = 0;
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const first = lineAt(text, at);
    const record = readRecord(text, at, delimiter);
    const lines = linesOf(text.slice(at, record.end));
    const isJoined =
      record.state === "whole" &&
      (lines.length === 1 || width === 0 || holdsTogether(record, lines, width, delimiter));
    const content = isJoined ? text.slice(at, record.end) : first.text;
    const isUnended = at + content.length === text.length;
    const isReadable = isUtf8(Buffer.from(content, "latin1"));
    let kind: SlowRow["kind"] = "good";
    if (!isJoined) kind = record.state === "open" && isUnended ? "cut" : "quotes";
    else if (width === 0) kind = "header";
    else if (record.fields.length !== width) {
      kind = isUnended && record.fields.length < width && lines.length === 1 ? "cut" : "columns";
    } else if (!isReadable) kind = "encoding";
    if (content !== "") {
      rows.push({ kind, line, text: content, ...(kind === "good" && { fields: record.fields }) });
      if (kind === "header") width = record.fields.length;
    }
    line += isJoined ? lines.length : 1;
    at = lineAt(text, at + content.length).next;
  }
  return rows;
}

/** The text up to the next line end. */
function lineAt(text: string, start: number): { readonly text: string; readonly next: number } {
  const rest = text.slice(start);
  const end = rest.search(/\r|\n/);
  if (end < 0) return { text: rest, next: text.length };
  return { text: rest.slice(0, end), next: start + end + (rest.startsWith("\r\n", end) ? 2 : 1) };
}

const linesOf = (text: string) => text.split(/\r\n|\r|\n/);

function holdsTogether(
  record: SlowRecord,
  lines: readonly string[],
  width: number,
  delimiter: string,
): boolean {
  if (record.fields.length !== width) return false;
  const inner = lines.slice(1, -1).filter((text) => text !== "");
  const looksWhole = (text: string) => {
    const { state, fields } = readRecord(text, 0, delimiter);
    return state === "whole" && fields.length === width;
  };
  return width < 2 || inner.length === 0 || !inner.every(looksWhole);
}

function readRecord(text: string, start: number, delimiter: string): SlowRecord {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    let value = "";
    const [blanks = ""] = /^ (?=")/.exec(text.slice(at)) ?? [];
    if (text[at + blanks.length] === '"') {
      at += blanks.length + 1;
      for (;;) {
        if (at >= text.length) return { state: "open", fields, end: at };
        if (text[at] === '"' && text[at + 1] === '"') {
          value += '"';
          at += 2;
        } else if (text[at] === '"') break;
        else value += text[at++];
      }
      at++;
      while (text[at] === " ") at++;
      const next = text[at];
      if (next !== undefined && next !== delimiter && next !== "\n" && next !== "\r") {
        return { state: "broken", fields, end: at };
      }
    } else {
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") {
        value += text[at++];
      }
    }
    fields.push(value);
    if (text[at] !== delimiter) return { state: "whole", fields, end: at };
    at++;
  }
}
