/** Whether bytes are UTF-8, whatever the chunks. */
import { isUtf8 } from "node:buffer";

/**
 * True when the bytes are UTF-8, or would be with the rest of a sequence that their end cuts.
 *
 * @see https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-3/#G27506 (Table 3-7, well-formed sequences)
 */
export function isUtf8Beginning(bytes: Buffer): boolean {
  return isUtf8(bytes.subarray(0, bytes.length - cutLength(bytes)));
}

/** Bytes at the end that begin a sequence without finishing it: 0 to 3. */
function cutLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  if (first >= 0xf0 && first <= 0xf4) return 4;
  return 0;
}

/** The smallest and largest second byte after `first`. */
function secondByteRange(first: number): readonly [number, number] {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  if (first === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}

/** Offset of the first sequence that is not well formed; the length when all are. */
export function findBadByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at]!);
    if (length === 0 || at + length > bytes.length) return at;
    for (let step = 1; step < length; step++) {
      const [low, high] = step === 1 ? secondByteRange(bytes[at]!) : [0x80, 0xbf];
      const byte = bytes[at + step]!;
      if (byte < low || byte > high) return at;
    }
    at += length;
  }
  return at;
}
