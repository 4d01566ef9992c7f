import type { Tensor } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { createGraph } from "../create-graph.ts";
import type { Graph, Model, Node } from "../model.ts";
import { float32Tensor, int64Tensor, stringTensor } from "../tensor.ts";
import { assertModel, checkModel } from "./check-model.ts";
import { findNonFinite } from "./non-finite.ts";

/** y = (x + bias) × bias */
function sound(): Model {
  const graph = createGraph();
  const x = graph.input("x", "float32", ["batch", 2]);
  const bias = graph.constant("bias", float32Tensor([1, 2]));
  graph.output("y", graph.node("Mul", [graph.node("Add", [x, bias]), bias]));
  return graph.build({ name: "sound" });
}

function withGraph(change: (graph: Graph) => Partial<Graph>): Model {
  const model = sound();
  return { ...model, graph: { ...model.graph, ...change(model.graph) } };
}

function withNode(index: number, change: Partial<Node>): Model {
  return withGraph(({ nodes }) => ({
    nodes: nodes.map((node, i) => (i === index ? { ...node, ...change } : node)),
  }));
}

test("a built model is sound", () => {
  expect(checkModel(sound())).toEqual([]);
});

describe("each rule, by its sentence", () => {
  const int = (value: number) => ({ type: "int", value }) as const;
  test.each<[string, Model, string[]]>([
    ["IR version", { ...sound(), irVersion: 11 }, ["IR version 11 is outside 3 to 10"]],
    [
      "opset too new",
      { ...sound(), opsets: { "": 22, "ai.onnx.ml": 5 } },
      ["opset 22 of ai.onnx is outside 17 to 21", "opset 5 of ai.onnx.ml is outside 3 to 4"],
    ],
    ["opset too old", { ...sound(), opsets: { "": 16 } }, ["opset 16 of ai.onnx is outside 17 to 21"]],
    [
      "domain",
      { ...sound(), opsets: { "": 21, "com.microsoft": 1 } },
      ["domain com.microsoft is not one Attune uses"],
    ],
    [
      "domain not imported",
      { ...sound(), opsets: {} },
      ["node add (Add): domain ai.onnx is not imported", "node mul (Mul): domain ai.onnx is not imported"],
    ],
    [
      "unknown op",
      withNode(0, { op: "Upsample" }),
      ["node add (Upsample): ai.onnx Upsample is not on the list of ops"],
    ],
    ["op of another opset", withNode(0, { op: "Gelu", inputs: ["x"] }), []],
    [
      "order",
      withGraph(({ nodes }) => ({ nodes: nodes.toReversed() })),
      ["node mul (Mul): input add is computed only later"],
    ],
    [
      "dangling input",
      withNode(0, { inputs: ["x", "ghost"] }),
      ["node add (Add): input ghost comes from nowhere"],
    ],
    [
      "too many inputs",
      withNode(0, { inputs: ["x", "bias", "x"] }),
      ["node add (Add): takes at most 2 inputs, got 3"],
    ],
    ["absent input", withNode(0, { inputs: ["", "bias"] }), ["node add (Add): input 0 (A) is missing"]],
    [
      "assigned twice",
      withNode(1, { outputs: ["add"] }),
      ["node mul (Mul): output add is assigned twice", "output y is not computed by any node"],
    ],
    ["node name", withNode(1, { name: "add" }), ["node add (Mul): the node name is used twice"]],
    [
      "attribute",
      withNode(0, { attributes: { axis: int(1) } }),
      ["node add (Add): has no attribute axis; it has none"],
    ],
    [
      "attribute type",
      withNode(0, { op: "Softmax", inputs: ["x"], attributes: { axis: { type: "float", value: 1 } } }),
      ["node add (Softmax): attribute axis must be int, not float"],
    ],
    [
      "element type",
      withNode(0, { op: "Cast", inputs: ["x"], attributes: { to: int(10) } }),
      ["node add (Cast): attribute to is element type 10, which Attune does not use"],
    ],
    [
      "external or foreign attribute",
      withNode(0, { op: "Cast", inputs: ["x"], attributes: { to: { type: "opaque", value: "a subgraph" } } }),
      ["node add (Cast): attribute to must be dtype, not a subgraph"],
    ],
    [
      "tensor attribute with U+0000",
      withNode(0, {
        op: "Constant",
        inputs: [],
        attributes: { value: { type: "tensor", value: stringTensor(["a\0b"]) } },
      }),
      [
        "node add (Constant): attribute value: a string holds U+0000",
        "node mul (Mul): input 0 (A) is string; allowed: float32, float64, int32, int64",
      ],
    ],
    [
      "word of an attribute",
      withNode(0, {
        op: "Pad",
        inputs: ["x", "ghost"],
        attributes: { mode: { type: "string", value: "mirror" } },
      }),
      [
        "node add (Pad): input ghost comes from nowhere",
        'node add (Pad): attribute mode is "mirror", not one of constant, reflect, edge, wrap',
      ],
    ],
    [
      "shapes",
      withGraph(() => ({ initializers: new Map([["bias", float32Tensor([1, 2, 3])]]) })),
      ["node add (Add): shapes [batch, 2] and [3] do not broadcast"],
    ],
    [
      "dtypes",
      withGraph(() => ({ initializers: new Map([["bias", int64Tensor([1, 2])]]) })),
      [
        "node add (Add): input 1 (B) is int64, but A is float32",
        "output y is declared float32, the graph gives int64",
      ],
    ],
    [
      "output",
      withGraph(() => ({ outputs: [{ name: "z", dtype: "float32", dims: [] }] })),
      ["output z is not computed by any node"],
    ],
    [
      "output dtype and shape",
      withGraph(() => ({ outputs: [{ name: "y", dtype: "int64", dims: ["batch", 3] }] })),
      [
        "output y is declared int64, the graph gives float32",
        "output y is declared [batch, 3], the graph gives [batch, 2]",
      ],
    ],
    [
      "outputs of one name",
      withGraph(({ outputs }) => ({ outputs: [...outputs, ...outputs] })),
      ["output y: the name is used twice"],
    ],
    [
      "unused constant",
      withGraph(({ initializers }) => ({
        initializers: new Map([...initializers, ["rest", float32Tensor([1])]]),
      })),
      ["initializer rest is not used"],
    ],
    [
      "constant with an input's name",
      withGraph(({ inputs }) => ({ inputs: [...inputs, { name: "bias", dtype: "float32", dims: [2] }] })),
      ["initializer bias: the name is used twice"],
    ],
    [
      "constant that does not fill its dims",
      withGraph(() => ({ initializers: new Map([["bias", float32Tensor([1, 2], [3])]]) })),
      [
        "initializer bias: dims [3] want 3 elements, the data has 2",
        "node add (Add): shapes [batch, 2] and [3] do not broadcast",
      ],
    ],
    [
      "foreign data",
      withGraph(() => ({
        initializers: new Map(),
        foreign: [{ kind: "initializer", name: "bias", description: "float16[2]", byteLength: 4 }],
      })),
      ["initializer bias: float16[2] is not supported"],
    ],
    [
      "list of subgraphs",
      withNode(0, {
        op: "If",
        inputs: ["x"],
        attributes: { then_branch: { type: "opaque", value: "a list of subgraphs" } },
      }),
      [
        "node add (If): attribute then_branch must be graph, not a list of subgraphs",
        "node add (If): attribute else_branch is missing",
        "node add (If): input 0 (cond) is float32; allowed: bool",
      ],
    ],
  ])("%s", (_, model, issues) => {
    expect(checkModel(model)).toEqual(issues);
  });

  test("a form that an older opset does not have", () => {
    const model = withNode(0, { op: "Gelu", inputs: ["x"] });
    expect(checkModel({ ...model, opsets: { "": 19 } })).toEqual([
      "node add (Gelu): not supported in opset 19 of ai.onnx",
    ]);
  });
});

test("assertModel lists all issues with the source", () => {
  const model = { ...withNode(0, { op: "Upsample" }), irVersion: 99 };
  expect(() => assertModel(model, "models/x.onnx")).toThrow(
    expect.objectContaining({
      code: "ONNX_INVALID",
      details: {
        source: "models/x.onnx",
        issues: [
          "IR version 99 is outside 3 to 10",
          "node add (Upsample): ai.onnx Upsample is not on the list of ops",
        ],
      },
    }),
  );
});

test("findNonFinite names the tensors, counts and first places", () => {
  const model = withGraph(() => ({
    initializers: new Map<string, Tensor>([
      ["good", float32Tensor([1, 2])],
      ["bad", float32Tensor([1, Number.NaN, Number.NEGATIVE_INFINITY])],
      ["words", stringTensor(["NaN"])],
    ]),
  }));
  expect(findNonFinite(model)).toEqual([{ initializer: "bad", count: 2, firstIndex: 1 }]);
});
