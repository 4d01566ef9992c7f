import type { DataType, TensorDataMap } from "@attune/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codecs, missingNumber } from "./codecs.ts";

const safeInteger = fc.maxSafeInteger().map(BigInt);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
/** Well formed: a lone surrogate is no text in UTF-8. */
const text = fc.string({ unit: "grapheme" });
/** JSON writes −0 as 0. */
const finite = { noNaN: true, noDefaultInfinity: true } as const;
const isNotMinusZero = (value: number) => !Object.is(value, -0);

/** Arrays of every type, with what JSON can hold and with all there is. */
const arrays: {
  readonly [D in DataType]: {
    readonly json: fc.Arbitrary<TensorDataMap[D]>;
    readonly all: fc.Arbitrary<TensorDataMap[D]>;
  };
} = {
  float32: {
    json: fc.array(fc.float(finite).filter(isNotMinusZero)).map((values) => Float32Array.from(values)),
    all: fc.array(fc.float()).map((values) => Float32Array.from(values)),
  },
  float64: {
    json: fc.array(fc.double(finite).filter(isNotMinusZero)).map((values) => Float64Array.from(values)),
    all: fc.array(fc.double()).map((values) => Float64Array.from(values)),
  },
  int32: same(fc.int32Array()),
  int64: {
    json: fc.array(safeInteger).map((values) => BigInt64Array.from(values)),
    all: fc.array(int64).map((values) => BigInt64Array.from(values)),
  },
  bool: same(fc.array(fc.nat(1)).map((values) => Uint8Array.from(values))),
  string: same(fc.array(text)),
};

function same<Data>(arbitrary: fc.Arbitrary<Data>) {
  return { json: arbitrary, all: arbitrary };
}

describe.each(Object.keys(codecs) as DataType[])("%s", (dtype) => {
  checkRoundTrips(dtype);
});

function checkRoundTrips<D extends DataType>(dtype: D): void {
  const codec = codecs[dtype];

  test("comes back from JSON as it was", () => {
    fc.assert(
      fc.property(arrays[dtype].json, (data) => {
        const values: unknown[] = JSON.parse(JSON.stringify(codec.toJson(data)));
        expect(values.every(codec.fits)).toBe(true);
        expect(codec.fromJson(values)).toEqual(data);
      }),
      { seed: 10 },
    );
  });

  test("comes back from binary data as it was, wherever it lies in a body", () => {
    fc.assert(
      fc.property(arrays[dtype].all, fc.nat(9), (data, before) => {
        const bytes = codec.toBytes(data);
        const body = Buffer.concat([Buffer.alloc(before, 7), bytes]);
        expect(codec.fromBytes(body.subarray(before), data.length)).toEqual(data);
      }),
      { seed: 10 },
    );
  });

  test("a count that is not the data's is refused in words", () => {
    fc.assert(
      fc.property(arrays[dtype].all, fc.integer({ min: -5, max: 5 }), (data, more) => {
        fc.pre(more !== 0 && data.length + more >= 0);
        expect(codec.fromBytes(codec.toBytes(data), data.length + more)).toBeTypeOf("string");
      }),
      { seed: 10 },
    );
  });

  test("any bytes are read or refused, never thrown at", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(16), (bytes, count) => {
        const data = codec.fromBytes(Buffer.from(bytes), count);
        if (typeof data !== "string") expect(data).toHaveLength(count);
      }),
      { seed: 10 },
    );
  });
}

test("the bytes are those of the extension: little-endian, a length before each text", () => {
  expect([...codecs.float32.toBytes(Float32Array.of(1))]).toEqual([0, 0, 0x80, 0x3f]);
  expect([...codecs.int64.toBytes(BigInt64Array.of(-2n))]).toEqual([254, 255, 255, 255, 255, 255, 255, 255]);
  expect([...codecs.bool.toBytes(Uint8Array.of(1, 0))]).toEqual([1, 0]);
  expect([...codecs.string.toBytes(["é", ""])]).toEqual([2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0]);
});

test("a number that JSON cannot hold becomes a finite one that sorts last or first", () => {
  const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
  const data = Float32Array.of(Number.NaN, POSITIVE_INFINITY, NEGATIVE_INFINITY, 0.5);
  expect(codecs.float32.toJson(data)).toEqual([missingNumber, -missingNumber, missingNumber, 0.5]);
  expect(Math.fround(missingNumber)).toBe(missingNumber);
});

test.each([
  ["int64", 2 ** 53],
  ["int64", 0.5],
  ["int64", "1"],
  ["int64", null],
  ["int32", 2 ** 31],
  ["float32", "1"],
  ["float64", true],
  ["bool", 1],
  ["string", 1],
  ["string", null],
] as const)("%s refuses %s in JSON", (dtype, value) => {
  expect(codecs[dtype].fits(value)).toBe(false);
});

test("texts that are not UTF-8, and lengths beyond the data, are told by element", () => {
  const texts = Buffer.concat([codecs.string.toBytes(["a"]), Buffer.of(1, 0, 0, 0, 0xff)]);
  expect(codecs.string.fromBytes(texts, 2)).toBe("element 1 is not UTF-8");
  expect(codecs.string.fromBytes(Buffer.of(255, 255, 255, 255, 65), 1)).toBe(
    "element 0 ends behind the data",
  );
});
