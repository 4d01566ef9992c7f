import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { createRandom } from "@attune/numeric";
import { expect, test } from "vitest";
import { compressFiles } from "./compress.ts";

const text = new TextEncoder().encode("the same words again and again, ".repeat(500));
const random = createRandom(3);
const noise = Uint8Array.from({ length: 5000 }, () => random.integer(256));

test("the model and the items have both forms, and nothing else does", async () => {
  const names = ["model.onnx", "items.json", "golden.json", "report.html", "README.md", "manifest.json"];
  const forms = await compressFiles(new Map(names.map((name) => [name, text])));
  expect([...forms.keys()]).toEqual(["model.onnx.br", "model.onnx.gz", "items.json.br", "items.json.gz"]);
  expect(new Uint8Array(brotliDecompressSync(forms.get("model.onnx.br")!))).toEqual(text);
  expect(new Uint8Array(gunzipSync(forms.get("items.json.gz")!))).toEqual(text);
});

test("a file that does not shrink by a tenth is left alone", async () => {
  expect(await compressFiles(new Map([["model.onnx", noise]]))).toEqual(new Map());
  expect(await compressFiles(new Map())).toEqual(new Map());
});

test("the same file gives the same bytes, wherever it is compressed", async () => {
  const [first, second] = await Promise.all([1, 2].map(() => compressFiles(new Map([["items.json", text]]))));
  expect(first).toEqual(second);
  const gzipped = first!.get("items.json.gz")!;
  // No time, no name, no operating system: RFC 1952 §2.3.
  expect([...gzipped.subarray(3, 8)]).toEqual([0, 0, 0, 0, 0]);
  expect(gzipped[9]).toBe(255);
});
