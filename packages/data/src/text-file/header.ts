/** The first records of a delimited file, read by our own eyes: names of columns, and whether they are names at all. */
import { open } from "node:fs/promises";
import { refuseOtherContent } from "./other-content.ts";

/** A header is looked for in this many bytes; no real one is longer. */
const headerBytes = 1 << 20;

/**
 * The beginning of a text file without its byte order mark and the blank lines before its first row.
 *
 * @throws {AttuneError} what `refuseOtherContent` throws.
 */
export async function readHead(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    refuseOtherContent(path, buffer.subarray(0, bytesRead));
    return buffer.toString("utf8", 0, bytesRead).replace(/^\ufeff?[\r\n]*/, "");
  } finally {
    await file.close();
  }
}

/**
 * Fields of the first records (RFC 4180: quotes may hold delimiters, line ends and doubled quotes), with blanks beside
 * quotes as the engine reads them; one record at least.
 */
export function parseRecords(text: string, delimiter: "," | "\t", count: number): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let field = "";
  let isQuoted = false;
  let wasQuoted = false;
  const endRecord = () => {
    records.push([...fields, field]);
    fields = [];
    field = "";
    wasQuoted = false;
  };
  for (let at = 0; at < text.length && records.length < count; at++) {
    const char = text[at]!;
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && !wasQuoted && (field === "" || field === " ")) {
      field = "";
      isQuoted = true;
      wasQuoted = true;
    } else if (char === delimiter) {
      fields.push(field);
      field = "";
      wasQuoted = false;
    } else if (char === "\n" || char === "\r") {
      endRecord();
      if (char === "\r" && text[at + 1] === "\n") at++;
    } else if (!wasQuoted || char !== " ") field += char;
  }
  const isOpen = field !== "" || fields.length > 0 || records.length === 0;
  if (isOpen && records.length < count) endRecord();
  return records;
}

export function parseFirstRecord(text: string, delimiter: "," | "\t"): string[] {
  return parseRecords(text, delimiter, 1)[0]!;
}

/** True when a field is a number, a date or nothing: no one names a column so. */
export function looksLikeData(fields: readonly string[]): boolean {
  return fields.some((field) => {
    const text = field.trim();
    return text === "" || Number.isFinite(Number(text)) || /^\d{4}-\d{2}-\d{2}/.test(text);
  });
}
