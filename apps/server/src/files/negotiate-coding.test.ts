import fc from "fast-check";
import { expect, test } from "vitest";
import { type ContentCoding, negotiateCoding } from "./negotiate-coding.ts";

const both = new Set<ContentCoding>(["br", "gzip"]);

test.each([
  [undefined, undefined],
  ["", undefined],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, deflate", "gzip"],
  ["br;q=0.1, gzip;q=0.9", "gzip"],
  ["gzip;q=1.0, br;q=1", "br"],
  ["br;q=0, gzip", "gzip"],
  ["br;q=0, gzip;q=0", undefined],
  ["*", "br"],
  ["*;q=0.5, br;q=0.1", "gzip"],
  ["*, br;q=0", "gzip"],
  ["*;q=0", undefined],
  ["identity", undefined],
  ["identity, br;q=0.5", undefined],
  ["identity;q=0.5, br", "br"],
  ["identity;q=0, br", "br"],
  ["identity;q=0", undefined],
  ["X-GZIP", "gzip"],
  [" GZip ; Q=0.5 ", "gzip"],
  ["br;q=2, gzip;q=nonsense", undefined],
  ["zstd, deflate", undefined],
  [",,;;q=,", undefined],
] as const)("%j is sent %s", (header, coding) => {
  expect(negotiateCoding(header, both)).toBe(coding);
});

test("only what there is", () => {
  expect(negotiateCoding("br, gzip", new Set<ContentCoding>(["gzip"]))).toBe("gzip");
  expect(negotiateCoding("br, gzip", new Set<ContentCoding>())).toBeUndefined();
});

test("whatever the header, the answer is a form there is", () => {
  const part = fc.tuple(
    fc.constantFrom("br", "gzip", "*", "identity", "deflate", ""),
    fc.constantFrom("", ";q=0", ";q=0.3", ";q=1", ";q=-1", ";q"),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), fc.string(), (parts, junk) => {
      const header = `${parts.map((pieces) => pieces.join("")).join(",")}${junk}`;
      expect(["br", "gzip", undefined]).toContain(negotiateCoding(header, both));
    }),
  );
});
