/** The fast way through records that are what nearly all are: one line, as wide as the header, quotes without line ends. */
import { carriageReturn, lineFeed } from "./line-end.ts";
import type { RecordHandler } from "./record-splitter.ts";

const quote = 34;

export interface PlainRun {
  readonly delimiter: number;
  /** Columns of a record. */
  readonly width: number;
  /** Records ended by CRLF instead of LF. */
  readonly isCrlf: boolean;
  /** Bytes a record may have. */
  readonly longest: number;
  /** The line of the next record; counted on. */
  line: number;
}

/**
 * Tells `handler` of plain records from `start` on, up to the first that is not one: it may be good all the same, and
 * needs a closer look.
 *
 * @returns where that record begins.
 */
export function readPlainRecords(
  bytes: Buffer,
  start: number,
  run: PlainRun,
  handler: RecordHandler,
): number {
  const { delimiter, width, isCrlf, longest } = run;
  const highest = Math.max(delimiter, quote);
  const size = bytes.length;
  let recordStart = start;
  let fieldStart = start;
  let fields = 1;
  for (let at = start; at < size; at++) {
    let byte = bytes[at]!;
    if (byte > highest) continue;
    if (byte === quote && at === fieldStart) {
      at = findQuote(bytes, at + 1) + 1;
      if (at === 0 || at >= size) return recordStart;
      byte = bytes[at]!;
      if (byte !== delimiter && byte !== lineFeed && byte !== carriageReturn) return recordStart;
    }
    if (byte === delimiter) {
      fields++;
      fieldStart = at + 1;
    } else if (byte === lineFeed || byte === carriageReturn) {
      const end = at;
      if (byte === carriageReturn) {
        if (at + 1 === size || bytes[at + 1] !== lineFeed || !isCrlf) return recordStart;
        at++;
      } else if (isCrlf) return recordStart;
      if (fields !== width || end === recordStart || end - recordStart > longest) return recordStart;
      handler.record(bytes, recordStart, end, run.line++);
      recordStart = fieldStart = at + 1;
      fields = 1;
    } else if (byte === quote && at === fieldStart + 1) {
      // A blank before it may make it an opening one.
      return recordStart;
    }
  }
  return recordStart;
}

/** The next quote on the line; −1 when the line ends before it, or the bytes do. */
function findQuote(bytes: Buffer, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte > quote) continue;
    if (byte === quote) return at;
    if (byte === lineFeed || byte === carriageReturn) return -1;
  }
  return -1;
}
