import { type AttuneError, isAttuneError } from "@attune/contracts";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { createGraph } from "./create-graph.ts";
import { writeModel } from "./proto/write-model.ts";
import { float32Tensor, int64Tensor, stringTensor } from "./tensor.ts";

function issuesOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (isAttuneError(error, "ONNX_BUILD")) return (error as AttuneError<"ONNX_BUILD">).details.issues;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("nodes", () => {
  test("know their dtype and symbolic shape at once", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", ["batch", 4]);
    const weights = graph.constant("weights", float32Tensor(new Float32Array(12), [4, 3]));
    expect(graph.node("MatMul", [x, weights])).toEqual({
      name: "matmul",
      dtype: "float32",
      dims: ["batch", 3],
    });
  });

  test("gather every problem in one error", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", ["batch", 4]);
    const index = graph.input("index", "int64", ["batch"]);
    expect(
      issuesOf(() => graph.node("Gemm", [x, index], { attributes: { alpha: "1", beta: 1, axis: 0 } })),
    ).toEqual([
      'attribute alpha must be float, got "1"',
      "has no attribute axis; it has alpha, beta, transA, transB",
      "input 1 (B) is int64; allowed: float32, float64",
    ]);
  });

  test.each<[string, (graph: ReturnType<typeof createGraph>) => unknown, string]>([
    ["unknown op", (graph) => graph.node("Frobnicate", []), "no such op in the list (docs/ops.md)"],
    [
      "missing input",
      (graph) => graph.node("Add", [graph.input("a", "float32", [])]),
      "input 1 (B) is missing",
    ],
    [
      "two dtypes",
      (graph) => graph.node("Add", [graph.input("a", "float32", []), graph.input("b", "int64", [])]),
      "input 1 (B) is int64, but A is float32",
    ],
    [
      "shapes",
      (graph) => graph.node("Add", [graph.input("a", "float32", [2]), graph.input("b", "float32", [3])]),
      "shapes [2] and [3] do not broadcast",
    ],
    [
      "value of another graph",
      (graph) => graph.node("Neg", [createGraph().input("alien", "float32", [])]),
      "input 0 (alien) is not of this graph",
    ],
    [
      "unknown rank",
      (graph) => graph.node("Reshape", [graph.input("a", "float32", []), graph.input("s", "int64", ["n"])]),
      "the rank of output 0 cannot be told; give shapes and axes as constants, or of known length",
    ],
    [
      "missing attribute",
      (graph) => graph.node("Cast", [graph.input("a", "float32", [])]),
      "attribute to is missing",
    ],
    [
      "inherited names are no attributes",
      (graph) => graph.node("Neg", [graph.input("a", "float32", [])], { attributes: { constructor: 1 } }),
      "has no attribute constructor; it has none",
    ],
  ])("refuse: %s", (_, act, issue) => {
    expect(issuesOf(() => act(createGraph()))).toEqual([issue]);
  });

  test("an op newer than the opset says so", () => {
    const graph = createGraph({ opset: 17 });
    const x = graph.input("x", "float32", [2]);
    expect(issuesOf(() => graph.node("Mish", [x]))).toEqual(["not in opset 17"]);
    expect(issuesOf(() => createGraph({ opset: 22 }))).toEqual(["opset 22 is outside 17 to 21"]);
  });
});

describe("names", () => {
  test("carry the scope and are made unique", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", ["batch"]);
    const inner = graph.scope("history").scope("norm");
    expect(inner.node("Neg", [x]).name).toBe("history/norm/neg");
    expect(inner.node("Neg", [x]).name).toBe("history/norm/neg_2");
    expect(inner.node("Neg", [x], { name: "minus" }).name).toBe("history/norm/minus");
    expect(
      inner.nodes("TopK", [x, graph.constant("k", int64Tensor([1]))], 2).map(({ name }) => name),
    ).toEqual(["history/norm/topk.Values", "history/norm/topk.Indices"]);
  });

  test("a number that is taken is stepped over", () => {
    const graph = createGraph();
    const x = graph.input("neg_2", "float32", ["batch"]);
    const names = [1, 2, 3].map(() => graph.node("Neg", [x]).name);
    expect(names).toEqual(["neg", "neg_3", "neg_4"]);
  });

  test("equal small constants are one, by their bytes", () => {
    const graph = createGraph();
    const zero = graph.constant("zero", float32Tensor([0], []));
    expect(graph.scope("a").constant("nil", float32Tensor([0], []))).toBe(zero);
    expect(graph.constant("negative", float32Tensor([-0], []))).not.toBe(zero);
    expect(graph.constant("vector", float32Tensor([0]))).not.toBe(zero);
    expect(graph.constant("ab", stringTensor(["a", "b"]))).not.toBe(
      graph.constant("a,b", stringTensor(["a,b"])),
    );
    const large = float32Tensor(new Float32Array(65));
    expect(graph.constant("large", large)).not.toBe(graph.constant("large", large));
  });

  test("inputs and outputs keep theirs: a second use is an error", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", [2]);
    graph.output("y", x);
    expect(issuesOf(() => graph.input("x", "float32", [2]))).toEqual(["the name is taken"]);
    expect(issuesOf(() => graph.output("y", x))).toEqual(["there is an output of this name"]);
    expect(issuesOf(() => graph.output("z", x, [3]))).toEqual(["[2] is not [3]"]);
  });
});

describe("build", () => {
  test("drops what no output needs and imports only the domains used", () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", ["batch"]);
    graph.node("Add", [x, graph.constant("unused", float32Tensor([3]))]);
    graph.output("y", graph.node("Neg", [x]));
    const model = graph.build({ name: "small", metadata: { task: "test" } });
    expect(model.graph.nodes.map(({ op }) => op)).toEqual(["Neg"]);
    expect(model.graph.initializers.size).toBe(0);
    expect(model).toMatchObject({
      opsets: { "": 21 },
      irVersion: 10,
      producer: { name: "attune" },
      metadata: { task: "test" },
    });
    expect(Object.keys(model.opsets)).toEqual([""]);
  });

  test("gives outputs their names: inputs, constants, double outputs and taken names included", async () => {
    const graph = createGraph();
    const x = graph.input("x", "float32", ["batch"]);
    const taken = graph.node("Neg", [x], { name: "last" });
    const twice = graph.node("Abs", [taken]);
    const constant = graph.constant("seven", float32Tensor([7]));
    graph.output("abs", twice);
    graph.output("again", twice);
    graph.output("copy", x);
    graph.output("seven", constant);
    graph.output("last", graph.node("Add", [twice, constant]));
    const model = graph.build({ name: "outputs" });
    expect(model).toEqual(graph.build({ name: "outputs" }));
    const session = await InferenceSession.create(writeModel(model), { intraOpNumThreads: 1 });
    const results = await session.run({ x: new OrtTensor("float32", [1, -2], [2]) });
    await session.release();
    const plain = Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, [...(data as Float32Array)]]),
    );
    expect(plain).toEqual({ abs: [1, 2], again: [1, 2], copy: [1, -2], seven: [7], last: [8, 9] });
  });

  test("a graph without outputs is no model", () => {
    expect(() => createGraph().build({ name: "empty" })).toThrow("the graph has no outputs");
  });

  test("a string with U+0000 is refused: the engine would cut it", () => {
    const graph = createGraph();
    graph.output("y", graph.constant("ids", stringTensor(["a\0b"])));
    expect(() => graph.build({ name: "nul" })).toThrow("a string holds U+0000");
  });
});
