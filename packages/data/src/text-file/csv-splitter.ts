/** Splits a delimited file into records, good and bad, whatever its chunks. */
import { isUtf8 } from "node:buffer";
import type { FileDefect } from "./defects.ts";
import { findLineEnd, lineFeed } from "./line-end.ts";
import { readPlainRecords } from "./plain-records.ts";
import type { RecordHandler, RecordSplitter } from "./record-splitter.ts";
import { RecordScan, type ScanStatus } from "./scan-record.ts";
import { isUtf8Beginning } from "./utf8-bytes.ts";

/** Longer records are refused: the quote that holds them together is most likely never closed. */
export const longestRecordBytes = 2_000_000;

const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/**
 * The first line that is not blank is the header; blank lines are no records.
 *
 * Quotes may hold line ends (RFC 4180). A record that such quotes break, or leave with a wrong number of columns, costs
 * its first line alone: the next line is looked at as if nothing had been before it. So does one whose quotes hold
 * nothing but whole records between its first and last line, since a quote that is never closed swallows those.
 */
export class CsvSplitter implements RecordSplitter {
  columnCount = 0;
  isIrregular = false;
  endsInLine = false;

  readonly #delimiter: number;
  readonly #handler: RecordHandler;
  readonly #record: RecordScan;
  readonly #inner: RecordScan;
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;
  #isStarted = false;
  /** True inside the rest of a line that was too long. */
  #isSkipping = false;
  /** True when all bytes at hand are UTF-8, so that no record needs a look of its own. */
  #isUtf8 = true;
  /** The first of the file. */
  #lineEnd: "LF" | "CRLF" | "CR" | undefined;

  constructor(delimiter: "," | "\t", handler: RecordHandler) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#handler = handler;
    this.#record = new RecordScan(delimiter);
    this.#inner = new RecordScan(delimiter);
  }

  get pending(): number {
    return this.#rest.length;
  }

  push(chunk: Buffer): void {
    this.#read(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false);
  }

  end(): void {
    this.#read(this.#rest, true);
  }

  #read(bytes: Buffer, isLast: boolean): void {
    let at = 0;
    if (!this.#isStarted) {
      if (bytes.length < byteOrderMark.length && !isLast) {
        this.#rest = Buffer.from(bytes);
        return;
      }
      this.#isStarted = true;
      if (byteOrderMark.every((byte, index) => bytes[index] === byte)) at = byteOrderMark.length;
    }
    this.#isUtf8 = isLast ? isUtf8(bytes) : isUtf8Beginning(bytes);
    while (at < bytes.length) {
      if (this.#isUtf8 && !this.#isSkipping) at = this.#readPlain(bytes, at);
      if (at === bytes.length) break;
      const next = this.#isSkipping ? this.#skipLine(bytes, at, isLast) : this.#readRecord(bytes, at, isLast);
      if (next < 0) break;
      at = next;
    }
    // A copy: the stream may use its chunk again, and a slice would keep all of it.
    this.#rest = Buffer.from(bytes.subarray(at));
  }

  /** @returns where the next record begins. */
  #readPlain(bytes: Buffer, start: number): number {
    const lineEnd = this.#lineEnd;
    if (this.columnCount < 2 || (lineEnd !== "LF" && lineEnd !== "CRLF")) return start;
    const run = {
      delimiter: this.#delimiter,
      width: this.columnCount,
      isCrlf: lineEnd === "CRLF",
      longest: longestRecordBytes,
      line: this.#line,
    };
    const next = readPlainRecords(bytes, start, run, this.#handler);
    this.#line = run.line;
    return next;
  }

  /** @returns where the next record begins, −1 when more bytes are needed. */
  #readRecord(bytes: Buffer, start: number, isLast: boolean): number {
    const record = this.#record;
    const status = record.scan(bytes, start, bytes.length, isLast);
    if (status !== "whole" || record.breaks > 0) return this.#readSlowly(status, bytes, start, isLast);
    const { end, next } = record;
    this.#noteLineEnd(bytes, end, next);
    if (end === start) {
      // The engine takes a blank line before the header for the header, and one of a single column for a row.
      if (this.columnCount <= 1) this.isIrregular = true;
    } else if (end - start > longestRecordBytes) {
      this.#defect("length", bytes, start, start + longestRecordBytes);
    } else {
      this.#judge(bytes, start, next === end);
    }
    this.#line++;
    return next;
  }

  /** Columns and encoding of a whole record. */
  #judge(bytes: Buffer, start: number, isCut: boolean): void {
    const { fields, end } = this.#record;
    const isReadable = this.#isUtf8 || isUtf8(bytes.subarray(start, end));
    if (this.columnCount === 0) {
      this.columnCount = fields;
      // The engine takes the first line end of a file for that of its rows.
      if (this.#record.breaks > 0) this.isIrregular = true;
      this.#handler.header(bytes, start, end, isReadable ? undefined : "encoding");
    } else if (fields !== this.columnCount) {
      this.#defect(isCut && fields < this.columnCount ? "cut" : "columns", bytes, start, end);
    } else if (!isReadable) {
      this.#defect("encoding", bytes, start, end);
    } else {
      this.#handler.record(bytes, start, end, this.#line);
    }
  }

  /** A record over several lines, or one that does not end well. */
  #readSlowly(status: ScanStatus, bytes: Buffer, start: number, isLast: boolean): number {
    const size = bytes.length - start;
    const first = findLineEnd(bytes, start, isLast);
    if (first === undefined) {
      // The last byte may be half a line end.
      if (size <= longestRecordBytes + 1) return -1;
      this.#defect("length", bytes, start, start + longestRecordBytes);
      this.#isSkipping = true;
      return bytes.length - 1;
    }
    if (status === "unfinished" && size <= longestRecordBytes + 1) return -1;
    const isTooLong = first.end - start > longestRecordBytes;
    if (status === "whole" && !isTooLong && this.#holdsTogether(bytes, start, first.next)) {
      this.#noteLineEnd(bytes, this.#record.end, this.#record.next);
      this.#judge(bytes, start, false);
      this.#line += this.#record.breaks + 1;
      return this.#record.next;
    }
    const isCut = status === "open" && first.next === first.end;
    if (isTooLong) this.#defect("length", bytes, start, start + longestRecordBytes);
    else this.#defect(isCut ? "cut" : "quotes", bytes, start, first.end);
    this.#noteLineEnd(bytes, first.end, first.next);
    this.#line++;
    return first.next;
  }

  /** Whether a whole record over several lines is one. */
  #holdsTogether(bytes: Buffer, start: number, second: number): boolean {
    const { end, fields } = this.#record;
    if (end - start > longestRecordBytes) return false;
    if (this.columnCount === 0) return true;
    return fields === this.columnCount && !this.#swallowsRecords(bytes, second, end);
  }

  #swallowsRecords(bytes: Buffer, second: number, end: number): boolean {
    if (this.columnCount < 2) return false;
    let swallowed = 0;
    for (let start = second; ; ) {
      const line = findLineEnd(bytes, start, true)!;
      if (line.next > end || line.next === line.end) return swallowed > 0;
      if (line.end > start) {
        const status = this.#inner.scan(bytes, start, line.end, true);
        if (status !== "whole" || this.#inner.fields !== this.columnCount) return false;
        swallowed++;
      }
      start = line.next;
    }
  }

  #skipLine(bytes: Buffer, start: number, isLast: boolean): number {
    const line = findLineEnd(bytes, start, isLast);
    if (line === undefined) return bytes.length - 1 > start ? bytes.length - 1 : -1;
    this.#isSkipping = false;
    this.#noteLineEnd(bytes, line.end, line.next);
    this.#line++;
    return line.next;
  }

  #defect(kind: FileDefect, bytes: Buffer, start: number, end: number): void {
    if (this.columnCount > 0) {
      this.#handler.defect(kind, bytes, start, end, this.#line);
      return;
    }
    this.columnCount = 1;
    this.#handler.header(bytes, start, end, kind);
  }

  #noteLineEnd(bytes: Buffer, end: number, next: number): void {
    if (next === end) {
      this.endsInLine = true;
      return;
    }
    const found = next === end + 2 ? "CRLF" : bytes[end] === lineFeed ? "LF" : "CR";
    this.#lineEnd ??= found;
    if (this.#lineEnd !== found) this.isIrregular = true;
  }
}
