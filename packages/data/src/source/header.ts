/** The first record of a delimited file, read by our own eyes: names of columns, and whether they are names at all. */
import { open } from "node:fs/promises";

/** A header is looked for in this many bytes; no real one is longer. */
const headerBytes = 1 << 20;

/** The beginning of a text file without its byte order mark. */
export async function readHead(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    return buffer.toString("utf8", 0, bytesRead).replace(/^\ufeff/, "");
  } finally {
    await file.close();
  }
}

/** Fields of the first record (RFC 4180: quotes may hold delimiters, line ends and doubled quotes). */
export function parseFirstRecord(text: string, delimiter: "," | "\t"): string[] {
  const fields: string[] = [];
  let field = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && field === "") isQuoted = true;
    else if (char === delimiter) {
      fields.push(field);
      field = "";
    } else if (char === "\n" || char === "\r") break;
    else field += char;
  }
  fields.push(field);
  return fields;
}

/** True when a field is a number, a date or nothing: no one names a column so. */
export function looksLikeData(fields: readonly string[]): boolean {
  return fields.some((field) => {
    const text = field.trim();
    return text === "" || Number.isFinite(Number(text)) || /^\d{4}-\d{2}-\d{2}/.test(text);
  });
}
