import { expect, test } from "vitest";
import { createGraph } from "../create-graph.ts";
import type { Model } from "../model.ts";
import { readModel } from "../proto/read-model.ts";
import { writeModel } from "../proto/write-model.ts";
import { float32Tensor, int64Tensor, stringTensor } from "../tensor.ts";
import { printModel } from "./print-model.ts";
import { summarizeModel } from "./summarize-model.ts";

function sample(): Model {
  const graph = createGraph();
  const history = graph.input("history", "string", ["batch", "length"]);
  const k = graph.input("k", "int64", [1]);
  const encode = graph.scope("encode");
  const index = encode.node("LabelEncoder", [history], {
    name: "index",
    attributes: {
      keys_tensor: stringTensor(["a", "ü"]),
      values_tensor: int64Tensor([0, 1]),
      default_tensor: int64Tensor([-1]),
    },
  });
  const weight = encode.node("Cast", [index], { attributes: { to: "float32" } });
  const bias = graph.scope("model").constant("bias", float32Tensor([0.1], []));
  const shifted = graph.scope("model").node("Add", [weight, bias]);
  const [values] = graph.nodes("TopK", [shifted, k], 2);
  graph.output("scores", values!, ["batch", "k"]);
  return graph.build({ name: "sample", metadata: { task: "recommend" } });
}

const text = `model sample (IR 10, ai.onnx 21, ai.onnx.ml 4, by attune)
  metadata task = "recommend"

input  history: string[batch, length]
input  k: int64[1]
output scores: float32[batch, k]

const model/bias = float32[] {0.1}

# encode
encode/index: int64[batch, length] = ai.onnx.ml.LabelEncoder(history, keys_tensor=string[2] {"a", "ü"}, values_tensor=int64[2] {0, 1}, default_tensor=int64[1] {-1})
encode/cast: float32[batch, length] = Cast(encode/index, to=float32)

# model
model/add: float32[batch, length] = Add(encode/cast, model/bias)

# (top)
scores: float32[batch, k], topk.Indices: int64[batch, ?] = TopK(model/add, k)
`;

test("prints a model line by line", () => {
  expect(printModel(sample())).toBe(text);
});

test("prints the file's model the same but for the order of attributes", () => {
  const read = printModel(readModel(writeModel(sample())));
  expect(read.replace(/index: .*/, "")).toBe(text.replace(/index: .*/, ""));
});

test("prints what other tools bring, and ops it does not know", () => {
  const model = sample();
  const printed = printModel({
    ...model,
    graph: {
      ...model.graph,
      nodes: [
        {
          name: "",
          op: "If",
          domain: "",
          inputs: ["", "k"],
          outputs: ["z"],
          attributes: {
            then_branch: { type: "opaque", value: "a list of subgraphs" },
            names: { type: "strings", value: ["a"] },
          },
        },
      ],
      foreign: [{ kind: "initializer", name: "half", description: "float16[4]", byteLength: 8 }],
    },
  });
  expect(printed).toContain("foreign initializer half: float16[4]\n");
  expect(printed).toContain('z: ?[…] = If(_, k, then_branch=<a list of subgraphs>, names=["a"])\n');
});

test("long constants are cut", () => {
  const graph = createGraph();
  graph.output("y", graph.constant("c", float32Tensor(new Float32Array(100).fill(1 / 3), [10, 10])));
  expect(printModel(graph.build({ name: "long" }))).toContain(
    "const c = float32[10, 10] {0.333333, 0.333333, 0.333333, 0.333333, 0.333333, 0.333333, …}\n",
  );
});

test("sums nodes, ops and bytes by scope, in the order of the graph", () => {
  expect(summarizeModel(sample())).toEqual({
    nodeCount: 4,
    opCounts: { Add: 1, Cast: 1, TopK: 1, "ai.onnx.ml.LabelEncoder": 1 },
    parameterCount: 6,
    parameterBytes: 4 + 3 + 16 + 8,
    scopes: [
      {
        ...{ scope: "encode", nodeCount: 2, parameterCount: 5, parameterBytes: 27 },
        opCounts: { Cast: 1, "ai.onnx.ml.LabelEncoder": 1 },
      },
      { scope: "model", nodeCount: 1, opCounts: { Add: 1 }, parameterCount: 1, parameterBytes: 4 },
      { scope: "", nodeCount: 1, opCounts: { TopK: 1 }, parameterCount: 0, parameterBytes: 0 },
    ],
  });
});

test("parameters stand beside the first node that reads them", () => {
  const graph = createGraph();
  const x = graph.input("x", "float32", [2]);
  const table = graph.scope("late/inner").constant("table", float32Tensor([1, 2], [2]));
  const early = graph.scope("early").node("Sub", [x, graph.constant("shared", float32Tensor([1], []))]);
  graph.output("y", graph.scope("late").node("Mul", [early, table]));
  expect(summarizeModel(graph.build({ name: "order" })).scopes.map(({ scope }) => scope)).toEqual([
    ...["early", "late", "late/inner", ""],
  ]);
});
