// How far symbols travel: what a recommender's graph needs to know about its own shapes.
import type { Dim } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { createGraph } from "../create-graph.ts";
import { float32Tensor, int64Tensor } from "../tensor.ts";

function setUp() {
  const graph = createGraph();
  const history = graph.input("history", "float32", ["batch", "length"]);
  const ints = (...values: number[]) => graph.constant("ints", int64Tensor(values));
  const scalar = (value: number) => graph.constant("scalar", int64Tensor([value], []));
  const shape = graph.node("Shape", [history]);
  const batch = graph.node("Slice", [shape, ints(0), ints(1)]);
  return { graph, history, ints, scalar, shape, batch };
}

describe("shapes computed in the graph", () => {
  test("Concat of a slice of Shape and a constant", () => {
    const { graph, ints, batch } = setUp();
    const full = graph.node("Concat", [batch, ints(50)], { attributes: { axis: 0 } });
    const zeros = graph.node("ConstantOfShape", [full], { attributes: { value: float32Tensor([0]) } });
    expect(zeros).toMatchObject({ dtype: "float32", dims: ["batch", 50] });
    expect(graph.node("Expand", [graph.constant("one", float32Tensor([1])), full]).dims).toEqual([
      "batch",
      50,
    ]);
    expect(graph.node("Reshape", [graph.input("flat", "float32", ["n"]), full]).dims).toEqual(["batch", 50]);
  });

  test("Gather, Squeeze, Unsqueeze, Cast and arithmetic keep what is known", () => {
    const { graph, ints, scalar, shape } = setUp();
    const length = graph.node("Gather", [shape, scalar(1)]);
    expect(length.dims).toEqual([]);
    const same = graph.node("Mul", [graph.node("Add", [length, scalar(0)]), scalar(1)]);
    expect(graph.node("Range", [scalar(0), same, scalar(1)]).dims).toEqual(["length"]);
    const back = graph.node("Unsqueeze", [same, ints(0)]);
    const cast = graph.node("Cast", [back], { attributes: { to: "int64" } });
    expect(graph.node("ConstantOfShape", [cast]).dims).toEqual(["length"]);
    const more = graph.node("Add", [length, scalar(1)]);
    expect(graph.node("Range", [scalar(0), more, scalar(1)]).dims).toEqual([undefined]);
  });

  test("TopK takes k from a constant, else it is unknown", () => {
    const { graph, history, ints } = setUp();
    expect(graph.nodes("TopK", [history, ints(3)], 2)[0]?.dims).toEqual(["batch", 3]);
    const k = graph.input("k", "int64", [1]);
    expect(graph.nodes("TopK", [history, k], 2)[1]).toMatchObject({
      dtype: "int64",
      dims: ["batch", undefined],
    });
  });
});

test.each<[number[], Dim[]]>([
  [
    [0, -1],
    ["batch", 12],
  ],
  [
    [-1, 12],
    ["batch", 12],
  ],
  [
    [0, 0, -1, 2],
    ["batch", 3, 2, 2],
  ],
  [[-1], [undefined]],
])("Reshape of [batch, 3, 4] to %j gives %j", (shape, expected) => {
  const graph = createGraph();
  const x = graph.input("x", "float32", ["batch", 3, 4]);
  expect(graph.node("Reshape", [x, graph.constant("shape", int64Tensor(shape))]).dims).toEqual(expected);
});

test("a constant table gathered by a symbolic index", () => {
  const { graph } = setUp();
  const index = graph.input("index", "int64", ["batch", "length"]);
  const table = graph.constant("table", float32Tensor(new Float32Array(12), [4, 3]));
  const rows = graph.node("Gather", [table, index]);
  expect(rows.dims).toEqual(["batch", "length", 3]);
  const axes = graph.constant("axes", int64Tensor([1]));
  expect(graph.node("ReduceSum", [rows, axes], { attributes: { keepdims: 0 } }).dims).toEqual(["batch", 3]);
  expect(graph.node("Transpose", [rows], { attributes: { perm: [2, 0, 1] } }).dims).toEqual([
    3,
    "batch",
    "length",
  ]);
});

test.each<[number, number, number, Dim, Dim]>([
  [0, 2 ** 53 - 1, 1, "batch", "batch"],
  [0, 2, 1, "batch", undefined],
  [-2, 100, 1, 5, 2],
  [4, -100, -2, 5, 3],
  [3, 1, 1, 5, 0],
])("Slice %i:%i:%i of %s leaves %s", (start, end, step, size, expected) => {
  const graph = createGraph();
  const x = graph.input("x", "float32", [size]);
  const inputs = [start, end, 0, step].map((value) => graph.constant("c", int64Tensor([value])));
  expect(graph.node("Slice", [x, ...inputs]).dims).toEqual([expected]);
});

test.each<[string, Dim[], Dim[], Dim[]]>([
  ["matrix", ["batch", 4], [4, 3], ["batch", 3]],
  ["row", [4], [4, 3], [3]],
  ["column", ["batch", 4], [4], ["batch"]],
  ["stack", ["heads", "batch", 4], [4, 3], ["heads", "batch", 3]],
])("MatMul of a %s", (_, a, b, expected) => {
  const graph = createGraph();
  const product = graph.node("MatMul", [graph.input("a", "float32", a), graph.input("b", "float32", b)]);
  expect(product.dims).toEqual(expected);
});
