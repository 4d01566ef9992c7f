/** One record of a delimited file, as RFC 4180 has it: the loop that sees every byte. */
import { carriageReturn, lineFeed } from "./line-end.ts";

const quote = 34;
const space = 32;

export type ScanStatus =
  /** The record ends inside the bytes, or with the file. */
  | "whole"
  /** More bytes must come before anything can be said. */
  | "unfinished"
  /** Text behind a closing quote. */
  | "broken"
  /** The file ends inside quotes. */
  | "open";

/**
 * Scans records without making an object for each: what it found stands in its fields until the next `scan`.
 *
 * A field is quoted when its first byte is a quote; a quote further behind is an ordinary byte. One blank may stand before
 * an opening quote, any number behind a closing one. So the engine reads them.
 */
export class RecordScan {
  fields = 0;
  /** Behind the record's last byte. */
  end = 0;
  /** The next record's first byte; `end` where the file ends without a line end. */
  next = 0;
  /** Line ends inside quotes. */
  breaks = 0;

  readonly #delimiter: number;

  constructor(delimiter: "," | "\t") {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** @param size - bytes to look at; `isLast` when the file ends there. */
  scan(bytes: Buffer, start: number, size: number, isLast: boolean): ScanStatus {
    const delimiter = this.#delimiter;
    // Most bytes are above every one that means something.
    const highest = Math.max(delimiter, quote);
    let fields = 1;
    let fieldStart = start;
    this.breaks = 0;
    for (let at = start; at < size; at++) {
      const byte = bytes[at]!;
      if (byte > highest) continue;
      if (byte === delimiter) {
        fields++;
        fieldStart = at + 1;
      } else if (byte === lineFeed) {
        return this.#finish(fields, at, at + 1);
      } else if (byte === carriageReturn) {
        if (at + 1 === size && !isLast) return "unfinished";
        return this.#finish(fields, at, at + 1 < size && bytes[at + 1] === lineFeed ? at + 2 : at + 1);
      } else if (
        byte === quote &&
        (at === fieldStart || (at === fieldStart + 1 && bytes[fieldStart] === space))
      ) {
        const closing = this.#findClosing(bytes, at + 1, size, isLast);
        if (closing < 0) return isLast ? "open" : "unfinished";
        let after = closing + 1;
        while (after < size && bytes[after] === space) after++;
        if (after === size && !isLast) return "unfinished";
        if (after < size && !this.#endsField(bytes[after]!)) return "broken";
        at = after - 1;
      }
    }
    return isLast ? this.#finish(fields, size, size) : "unfinished";
  }

  #finish(fields: number, end: number, next: number): "whole" {
    this.fields = fields;
    this.end = end;
    this.next = next;
    return "whole";
  }

  #endsField(byte: number): boolean {
    return byte === this.#delimiter || byte === lineFeed || byte === carriageReturn;
  }

  /** Where the closing quote stands; −1 when it is not in the bytes, or may be the first of a pair. */
  #findClosing(bytes: Buffer, start: number, size: number, isLast: boolean): number {
    for (let at = start; at < size; at++) {
      const byte = bytes[at]!;
      if (byte > quote) continue;
      if (byte === quote) {
        if (at + 1 === size) return isLast ? at : -1;
        if (bytes[at + 1] !== quote) return at;
        at++;
      } else if (byte === lineFeed || (byte === carriageReturn && bytes[at + 1] !== lineFeed)) {
        this.breaks++;
      }
    }
    return -1;
  }
}
