import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzz } from "../testing/fuzz.ts";
import { findBadByte, isUtf8Beginning } from "./utf8-bytes.ts";

const piece = fc.constantFrom("a", "é", "名", "𝒜", "\u{10ffff}").map((text) => Buffer.from(text));
/** Bytes near the borders of every rule of well-formedness. */
const border = [
  ...[0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef],
  ...[0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff],
];
const stray = fc
  .array(fc.constantFrom(...border), { minLength: 1, maxLength: 3 })
  .map((bytes) => Buffer.from(bytes));
const pieces = fc.array(fc.oneof({ weight: 2, arbitrary: piece }, { weight: 1, arbitrary: stray }), {
  maxLength: 8,
});

test("the first bad byte is where the longest good beginning ends", () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const bytes = Buffer.concat(parts);
      let longest = 0;
      for (let size = 0; size <= bytes.length; size++) if (isUtf8(bytes.subarray(0, size))) longest = size;
      expect(findBadByte(bytes)).toBe(longest);
    }),
    fuzz(2000),
  );
});

test("bytes that some rest makes whole are a beginning", () => {
  const decodes = (bytes: Buffer) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(pieces, fc.nat(30), (parts, cut) => {
      const bytes = Buffer.concat(parts).subarray(0, cut);
      // Of a cut sequence only the length is known here; what cannot become one is found with the next chunk.
      if (decodes(bytes)) expect(isUtf8Beginning(bytes)).toBe(true);
    }),
    fuzz(2000),
  );
});
