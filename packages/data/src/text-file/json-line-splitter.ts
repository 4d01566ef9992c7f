/** Splits a file of JSON Lines into its lines, whatever its chunks. Whether a line is JSON is the engine's to say. */
import { isUtf8 } from "node:buffer";
import { lineFeed } from "./line-end.ts";
import type { RecordHandler, RecordSplitter } from "./record-splitter.ts";
import { isUtf8Beginning } from "./utf8-bytes.ts";

/** Longer lines are refused, by the engine too. */
export const longestJsonBytes = 1 << 26;

const closingBrace = 125;
const blanks: ReadonlySet<number> = new Set([9, 11, 12, 13, 32]);

export class JsonLineSplitter implements RecordSplitter {
  readonly columnCount = 0;
  isIrregular = false;
  endsInLine = false;

  readonly #handler: RecordHandler;
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;
  /** True inside the rest of a line that was too long. */
  #isSkipping = false;
  #isUtf8 = true;

  constructor(handler: RecordHandler) {
    this.#handler = handler;
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
    this.#isUtf8 = isLast ? isUtf8(bytes) : isUtf8Beginning(bytes);
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      this.#readLine(bytes, start, end, true);
      start = end + 1;
    }
    if (isLast && start < bytes.length) {
      this.endsInLine = true;
      this.#readLine(bytes, start, bytes.length, false);
      start = bytes.length;
    }
    if (bytes.length - start > longestJsonBytes && !this.#isSkipping) {
      this.#handler.defect("length", bytes, start, start + longestJsonBytes, this.#line);
      this.#isSkipping = true;
    }
    this.#rest = Buffer.from(bytes.subarray(this.#isSkipping ? bytes.length : start));
  }

  #readLine(bytes: Buffer, start: number, end: number, isEnded: boolean): void {
    const line = this.#line++;
    if (this.#isSkipping) {
      this.#isSkipping = false;
      return;
    }
    let from = start;
    if (line === 1 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) {
      from += 3;
      this.isIrregular = true;
    }
    let last = end;
    while (last > from && blanks.has(bytes[last - 1]!)) last--;
    if (last === from) return;
    if (end - from > longestJsonBytes) {
      this.#handler.defect("length", bytes, from, from + longestJsonBytes, line);
    } else if (!isEnded && bytes[last - 1] !== closingBrace) {
      this.#handler.defect("cut", bytes, from, last, line);
    } else if (!this.#isUtf8 && !isUtf8(bytes.subarray(from, last))) {
      this.#handler.defect("encoding", bytes, from, last, line);
    } else {
      this.#handler.record(bytes, from, last, line);
    }
  }
}
