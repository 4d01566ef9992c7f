// Against the engine: a whole graph with known answers, and a file that the engine itself wrote.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { checkModel } from "./check/check-model.ts";
import { createGraph } from "./create-graph.ts";
import type { Model } from "./model.ts";
import { printModel } from "./print/print-model.ts";
import { readMetadata } from "./proto/read-metadata.ts";
import { readModel } from "./proto/read-model.ts";
import { writeModel } from "./proto/write-model.ts";
import { float32Tensor, int64Tensor, stringTensor } from "./tensor.ts";

const ids = ["ä", "日本", "🎬"];

/** Counts the known ids of a history, and lists the items by count. */
function countingModel(): Model {
  const graph = createGraph();
  const history = graph.input("history", "string", ["batch", "length"]);
  const k = graph.input("k", "int64", [1]);
  const zero = graph.constant("zero", int64Tensor([0], []));
  const index = graph.node("LabelEncoder", [history], {
    attributes: {
      keys_tensor: stringTensor(ids),
      values_tensor: int64Tensor([0, 1, 2]),
      default_tensor: int64Tensor([-1]),
    },
  });
  const known = graph.node("GreaterOrEqual", [index, zero]);
  const shape = graph.node(
    "Concat",
    [
      graph.node("Shape", [history], { attributes: { start: 0, end: 1 } }),
      graph.constant("items", int64Tensor([ids.length])),
    ],
    { attributes: { axis: 0 } },
  );
  const counts = graph.node(
    "ScatterElements",
    [
      graph.node("ConstantOfShape", [shape], { attributes: { value: float32Tensor([0]) } }),
      graph.node("Max", [index, zero]),
      graph.node("Cast", [known], { attributes: { to: "float32" } }),
    ],
    { attributes: { axis: 1, reduction: "add" } },
  );
  expect(counts.dims).toEqual(["batch", 3]);
  const [scores, order] = graph.nodes("TopK", [counts, k], 2);
  graph.output("scores", scores!, ["batch", "k"]);
  graph.output("items", graph.node("Gather", [graph.constant("ids", stringTensor(ids)), order!]), [
    "batch",
    "k",
  ]);
  return graph.build({ name: "counting", metadata: { note: "zählt" } });
}

const options = { intraOpNumThreads: 1 };

test("strings, shapes and ties come out as promised, also for empty histories", async () => {
  const session = await InferenceSession.create(writeModel(countingModel()), options);
  const run = async (history: string[], dims: number[]) => {
    const results = await session.run({
      history: new OrtTensor("string", history, dims),
      k: new OrtTensor("int64", [3n], [1]),
    });
    return { items: results.items?.data, scores: Array.from(results.scores?.data as Float32Array) };
  };
  expect(await run(["🎬", "日本", "🎬", "?", "", "ä"], [2, 3])).toEqual({
    items: ["🎬", "日本", "ä", "ä", "日本", "🎬"],
    scores: [2, 1, 0, 1, 0, 0],
  });
  expect(await run([], [1, 0])).toEqual({ items: ids, scores: [0, 0, 0] });
  await session.release();
});

test("reads what ONNX Runtime writes, and refuses its private ops by name", async () => {
  const dir = await mkdtemp(join(tmpdir(), "attune-onnx-"));
  try {
    const graph = createGraph({ opset: 17 });
    const x = graph.input("x", "float32", ["batch", 4]);
    const values = Float32Array.from({ length: 12 }, (_, i) => i);
    const table = float32Tensor(values, [4, 3]);
    const weights = graph.constant("weights", table);
    const dense = graph.node("Gemm", [x, weights, graph.constant("bias", float32Tensor([1, 2, 3]))]);
    graph.output("y", graph.node("Relu", [dense]));
    const path = join(dir, "optimized.onnx");
    const optimized = {
      ...options,
      optimizedModelFilePath: path,
      graphOptimizationLevel: "extended",
    } as const;
    const session = await InferenceSession.create(writeModel(graph.build({ name: "dense" })), optimized);
    await session.release();
    const bytes = new Uint8Array(await readFile(path));
    const model = readModel(bytes);
    expect(model.graph.initializers.get("weights")).toEqual(table);
    expect(model.graph.initializers.get("bias")).toEqual(float32Tensor([1, 2, 3]));
    expect(readMetadata(bytes).opCounts).toEqual({ "com.microsoft.FusedGemm": 1 });
    expect(printModel(model)).toContain("com.microsoft.FusedGemm(x, weights, bias");
    expect(checkModel(model)).toEqual(
      expect.arrayContaining([
        "domain com.microsoft is not one Attune uses",
        expect.stringContaining("com.microsoft FusedGemm is not on the list of ops"),
      ]),
    );
  } finally {
    await rm(dir, { recursive: true });
  }
});
