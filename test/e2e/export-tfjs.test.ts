// A tfjs model of one's own as a user exports it: the real command line, held to tfjs in Node and in Chromium.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { attune, jsonLine, root } from "./attune.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "attune-tfjs-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

interface Figures {
  maxAbs: number;
  maxRel: number;
}

// Two inputs of which one is int32, two outputs; recurrent layers, quantized.
test.each(["text/graph", "sequence/layers-uint16"])(
  "%s: both runtimes agree with tfjs",
  async (name) => {
    const model = path.join(root, "fixtures/tfjs", name, "model.json");
    const outcome = await attune(["export", "--tfjs", model, "--out", "m.onnx", "--json"], dir);
    expect(outcome.code, outcome.stderr).toBe(0);
    const result = jsonLine<{ bytes: number; parity: Record<string, Figures> }>(outcome);
    expect(Object.keys(result)).toEqual(["opset", "nodes", "bytes", "parity"]);
    expect(Object.keys(result.parity)).toEqual(["node", "web"]);
    for (const { maxAbs, maxRel } of Object.values(result.parity)) {
      expect(maxAbs).toBeLessThanOrEqual(1e-5);
      expect(maxRel).toBeLessThanOrEqual(1e-4);
    }
    expect(readdirSync(dir)).toEqual(["m.onnx"]);
    expect(statSync(path.join(dir, "m.onnx")).size).toBe(result.bytes);
  },
  120_000,
);

test("without a Chromium the export says so, and writes nothing", async () => {
  const model = path.join(root, "fixtures/tfjs/sequence/layers/model.json");
  const before = process.env.CHROMIUM_PATH;
  process.env.CHROMIUM_PATH = path.join(dir, "no-chromium");
  try {
    const outcome = await attune(["export", "--tfjs", model, "--out", "m.onnx", "--json"], dir);
    expect(outcome.code).toBe(1);
    expect(jsonLine(outcome)).toMatchObject({ error: { code: "VERIFY_NO_BROWSER" } });
    expect(outcome.stderr).toContain("pass --no-web");
    expect(readdirSync(dir)).toEqual([]);
  } finally {
    if (before === undefined) delete process.env.CHROMIUM_PATH;
    else process.env.CHROMIUM_PATH = before;
  }
});
