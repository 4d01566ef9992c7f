/** Ends of physical lines: LF, CRLF, or CR alone, as editors show them. */

export const lineFeed = 10;
export const carriageReturn = 13;

export interface LineEnd {
  /** Behind the line's last byte. */
  readonly end: number;
  /** The next line's first byte; `end` where the file ends without a line end. */
  readonly next: number;
}

/** The end of the line that holds `start`; `undefined` when it is not in `bytes` yet. */
export function findLineEnd(bytes: Buffer, start: number, isLast: boolean): LineEnd | undefined {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte > carriageReturn) continue;
    if (byte === lineFeed) return { end: at, next: at + 1 };
    if (byte !== carriageReturn) continue;
    if (at + 1 === bytes.length && !isLast) return undefined;
    return { end: at, next: bytes[at + 1] === lineFeed ? at + 2 : at + 1 };
  }
  return isLast ? { end: bytes.length, next: bytes.length } : undefined;
}
