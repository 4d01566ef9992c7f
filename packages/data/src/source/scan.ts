/** The one look at every byte of a source file: its hash, its records, and those that are broken. */
import { createHash } from "node:crypto";
import { AttuneError } from "@attune/contracts";
import type { FileFormat } from "@attune/contracts/config";
import { createSplitter } from "../text-file/create-splitter.ts";
import { excerptOf } from "../text-file/excerpt.ts";
import { refuseOtherContent } from "../text-file/other-content.ts";
import type { RecordHandler, RecordSplitter } from "../text-file/record-splitter.ts";
import { findBadByte } from "../text-file/utf8-bytes.ts";
import { readChunks } from "./read-chunks.ts";
import { DefectTally } from "./tally.ts";

/** What a text file holds. */
export interface TextScan {
  /** Records that are whole, UTF-8, and as wide as the header. */
  readonly goodCount: number;
  readonly defects: DefectTally;
  /** Columns of the header; 0 for JSON Lines. */
  readonly columnCount: number;
  /** True when the engine needs a copy even without bad rows: mixed line ends, line ends inside the header, blank lines in places where they count. */
  readonly isIrregular: boolean;
  /**
   * True when the last row is good, and the file ends inside its last value for all that can be seen: there is no line end,
   * closing quote or closing brace behind it.
   */
  readonly endsInValue: boolean;
}

export interface FileScan {
  readonly sha256: string;
  /** Absent for Parquet. */
  readonly text: TextScan | undefined;
}

/**
 * Reads a file once, in chunks.
 *
 * @throws {AttuneError} `DATA_NO_ROWS` for a file of 0 bytes or only blanks, `DATA_ENCODING` for text in another encoding
 * as a whole (UTF-16, a header or more than half of the rows that are not UTF-8), `DATA_MALFORMED` for a broken header
 * and for what is no text (compressed files, Parquet), `FILE_READ`.
 */
export async function scanFile(path: string, format: FileFormat): Promise<FileScan> {
  const hash = createHash("sha256");
  const text = format === "parquet" ? undefined : new TextScanner(path, format);
  let size = 0;
  for await (const chunk of readChunks(path)) {
    hash.update(chunk);
    size += chunk.length;
    text?.push(chunk);
  }
  if (size === 0) throw new AttuneError("DATA_NO_ROWS", { path });
  return { sha256: hash.digest("hex"), text: text?.end() };
}

/** `"` of a quoted value, `}` of a JSON object. */
const closers: readonly number[] = [34, 125];

class TextScanner implements RecordHandler {
  readonly #path: string;
  readonly #splitter: RecordSplitter;
  readonly #defects = new DefectTally();
  #goodCount = 0;
  #isBlank = true;
  /** Bytes pushed. */
  #size = 0;
  /** Of the file's first byte that is not UTF-8. */
  #badOffset = 0;
  /** True when the last row is good and nothing closes its last value. */
  #isLastOpen = false;

  constructor(path: string, format: Exclude<FileFormat, "parquet">) {
    this.#path = path;
    this.#splitter = createSplitter(format, this);
  }

  push(chunk: Buffer): void {
    if (this.#size === 0) refuseOtherContent(this.#path, chunk);
    this.#size += chunk.length;
    if (this.#isBlank) this.#isBlank = chunk.toString("latin1").replace(/^ï»¿/, "").trim() === "";
    this.#splitter.push(chunk);
  }

  end(): TextScan {
    this.#splitter.end();
    if (this.#isBlank) throw new AttuneError("DATA_NO_ROWS", { path: this.#path });
    if (this.#defects.countOf("encoding") * 2 > this.#goodCount + this.#defects.count) {
      throw new AttuneError("DATA_ENCODING", { path: this.#path, byteOffset: this.#badOffset });
    }
    const { columnCount, isIrregular, endsInLine } = this.#splitter;
    return {
      goodCount: this.#goodCount,
      defects: this.#defects,
      columnCount,
      isIrregular,
      endsInValue: endsInLine && this.#isLastOpen,
    };
  }

  header(bytes: Buffer, start: number, end: number, defect: Parameters<RecordHandler["header"]>[3]): void {
    if (defect === undefined) {
      if (bytes.subarray(start, end).includes(0)) this.#refuseHeader("its header holds the character U+0000");
      return;
    }
    if (defect === "encoding") {
      const byteOffset = this.#offsetOf(bytes, start, end);
      throw new AttuneError("DATA_ENCODING", { path: this.#path, byteOffset });
    }
    const reason =
      defect === "length"
        ? "its first line, the header, is longer than 2 MB; check that it is a text file of rows"
        : `the quotes of its header are broken: ${excerptOf(bytes, start, end)}`;
    this.#refuseHeader(reason);
  }

  #refuseHeader(reason: string): never {
    throw new AttuneError("DATA_MALFORMED", { path: this.#path, reason });
  }

  record(bytes: Buffer, _start: number, end: number): void {
    this.#goodCount++;
    this.#isLastOpen = !closers.includes(bytes[end - 1]!);
  }

  defect(...[kind, bytes, start, end, line]: Parameters<RecordHandler["defect"]>): void {
    if (kind === "encoding" && this.#defects.countOf(kind) === 0) {
      this.#badOffset = this.#offsetOf(bytes, start, end);
    }
    this.#defects.add(kind, line, () => excerptOf(bytes, start, end));
    this.#isLastOpen = false;
  }

  /** `bytes` are the last that were pushed. */
  #offsetOf(bytes: Buffer, start: number, end: number): number {
    return this.#size - bytes.length + start + findBadByte(bytes.subarray(start, end));
  }
}
