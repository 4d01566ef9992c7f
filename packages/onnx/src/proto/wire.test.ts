import { isAttuneError } from "@attune/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readBigInt,
  readFields,
  readFloat,
  readInt,
  readInts,
  readString,
  type WireField,
} from "./wire-reader.ts";
import { encodeMessage } from "./wire-writer.ts";

function fieldsOf(bytes: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  readFields({ bytes, start: 0, end: bytes.length, source: "test" }, (field) => fields.push(field));
  return fields;
}

describe("the writer", () => {
  // Examples of the encoding guide, and a negative number in ten bytes.
  test.each<[number, number[]]>([
    [0, [8, 0]],
    [150, [8, 0x96, 0x01]],
    [-2, [8, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ])("encodes %i", (value, bytes) => {
    expect([...encodeMessage((out) => out.int(1, value))]).toEqual(bytes);
  });

  test("nests messages and keeps large bytes whole", () => {
    const large = new Uint8Array(10_000).fill(7);
    const bytes = encodeMessage((out) => {
      out.string(1, "testing");
      out.message(2, (inner) => {
        inner.int(1, 5);
        inner.bytes(3, large);
        inner.float(4, 0.5);
      });
    });
    expect([...bytes.slice(0, 9)]).toEqual([0x0a, 7, ...Buffer.from("testing")]);
    const [text, message] = fieldsOf(bytes);
    expect(readString(text as WireField)).toBe("testing");
    const inner = fieldsOf(bytes.subarray(message?.start, message?.end));
    expect(inner.map(({ number, start, end }) => [number, end - start])).toEqual([
      [1, 1],
      [3, 10_000],
      [4, 4],
    ]);
    expect(readFloat(inner[2] as WireField)).toBe(0.5);
  });
});

test("integers come back", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 29 - 1 }), (value, number) => {
      const [field] = fieldsOf(encodeMessage((out) => out.int(number, value)));
      expect(field?.number).toBe(number);
      expect(readInt(field as WireField)).toBe(value);
      expect(readBigInt(field as WireField)).toBe(BigInt(value));
    }),
  );
});

test("text comes back, whatever the script", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const [field] = fieldsOf(encodeMessage((out) => out.string(1, text)));
      expect(readString(field as WireField)).toBe(text);
    }),
  );
  const marked = "\uFEFFü日本🎬";
  expect(readString(fieldsOf(encodeMessage((out) => out.string(1, marked)))[0] as WireField)).toBe(marked);
});

test("repeated integers are read packed and unpacked", () => {
  const into: bigint[] = [];
  const packed = encodeMessage((out) => out.bytes(1, Uint8Array.of(1, 0x96, 0x01)));
  const single = encodeMessage((out) => out.int(1, -1));
  for (const field of [...fieldsOf(packed), ...fieldsOf(single)]) readInts(field, into);
  expect(into).toEqual([1n, 150n, -1n]);
});

describe("broken bytes", () => {
  test.each<[string, number[], number, string]>([
    ["number without end", [0x08, 0x80], 1, "the file ends inside a number"],
    ["number too long", [0x08, ...new Array(11).fill(0x80)], 1, "a number of over ten bytes"],
    ["length beyond the end", [0x0a, 5, 1], 0, "field 1 ends 4 bytes after its message"],
    ["field 0", [0x00, 1], 0, "field number 0"],
    ["group", [0x0b], 0, "wire type 3 of field 1"],
    ["length beyond 2^53", [0x0a, ...new Array(9).fill(0xff), 1], 1, "a tag or length beyond 2^53"],
  ])("%s", (_, bytes, byteOffset, reason) => {
    const act = () => fieldsOf(Uint8Array.from(bytes));
    expect(act).toThrow(
      expect.objectContaining({ code: "ONNX_PARSE", details: { source: "test", byteOffset, reason } }),
    );
  });

  test("a field of another wire type", () => {
    const [field] = fieldsOf(encodeMessage((out) => out.int(1, 3)));
    expect(() => readString(field as WireField)).toThrow("field 1 has wire type 0, not 2");
  });

  test("bytes that are not UTF-8", () => {
    const [field] = fieldsOf(encodeMessage((out) => out.bytes(1, Uint8Array.of(0xff))));
    expect(() => readString(field as WireField)).toThrow("not UTF-8");
  });

  test("any bytes are fields or ONNX_PARSE", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          fieldsOf(bytes);
        } catch (error) {
          expect(isAttuneError(error, "ONNX_PARSE")).toBe(true);
        }
      }),
    );
  });
});
