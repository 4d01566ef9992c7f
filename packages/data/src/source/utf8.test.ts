import fc from "fast-check";
import { expect, test } from "vitest";
import { Utf8Check } from "./utf8.ts";

/** The offset by trial: the longest prefix that decodes when its last sequence may be cut. */
function badOffset(bytes: Uint8Array): number | undefined {
  const accepts = (length: number, stream: boolean) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream });
      return true;
    } catch {
      return false;
    }
  };
  if (accepts(bytes.length, false)) return undefined;
  let complete = 0;
  for (let length = 0; length <= bytes.length && accepts(length, true); length++) {
    if (accepts(length, false)) complete = length;
  }
  return complete;
}

function check(chunks: readonly Uint8Array[]): number | undefined {
  const utf8 = new Utf8Check();
  for (const chunk of chunks) {
    const found = utf8.push(Buffer.from(chunk));
    if (found !== undefined) return found;
  }
  return utf8.end();
}

// Bytes near the borders of every rule of well-formedness.
const byte = fc.constantFrom(
  ...[
    0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
    0xef,
  ],
  ...[0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff],
);

test("agrees with the platform's decoder on the offset, however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.array(byte, { maxLength: 5 })), (parts) => {
      const chunks = parts.map((part) => Uint8Array.from(part));
      const whole = Buffer.concat(chunks);

      expect(check(chunks)).toBe(badOffset(whole));
      expect(check([whole])).toBe(badOffset(whole));
    }),
    { numRuns: 2000 },
  );
});

test("takes any text cut into single bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const bytes = Buffer.from(text);
      expect(check(Array.from(bytes, (value) => Uint8Array.of(value)))).toBeUndefined();
    }),
  );
});
