import type { ValueInfo } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { failureOf } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { readRawRequest } from "./raw-input.ts";

const manifestOf = (...inputs: readonly ValueInfo[]) =>
  ({ signature: { version: 1, inputs, outputs: [] } }) as unknown as ArtifactManifest;
const number: ValueInfo = { name: "age", dtype: "float32", dims: ["batch", 1] };
const text: ValueInfo = { name: "country", dtype: "string", dims: ["batch", 1] };

describe("the whole body is the one input, for one row", () => {
  test("numbers as they lie there", () => {
    const binary = Buffer.alloc(4);
    expect(readRawRequest(binary, manifestOf(number))).toEqual({
      inputs: [{ name: "age", datatype: "FP32", shape: [1, 1], binary }],
      binaryOutputs: true,
    });
  });

  test("a size that is not fixed is what the body has", () => {
    const several = { ...number, dims: ["batch", 2, "n"] };
    const { inputs } = readRawRequest(Buffer.alloc(24), manifestOf(several));
    expect(inputs[0]!.shape).toEqual([1, 2, 3]);
  });

  test("a text without a length before it", () => {
    const { inputs } = readRawRequest(Buffer.from("日本"), manifestOf(text));
    expect(inputs).toEqual([
      { name: "country", datatype: "BYTES", shape: [1, 1], binary: Buffer.from("\x06\0\0\0日本") },
    ]);
  });
});

test.each<[string, readonly ValueInfo[]]>([
  ["two inputs", [number, text]],
  ["several texts", [{ ...text, dims: ["batch", "tags_values"] }]],
  ["two sizes that are not fixed", [{ ...number, dims: ["batch", "a", "b"] }]],
  ["none", []],
])("a model with %s cannot be asked so", async (_, inputs) => {
  const failure = await failureOf(async () => readRawRequest(Buffer.alloc(8), manifestOf(...inputs)));
  expect(failure).toMatchObject({ code: "REQUEST_INVALID" });
});
