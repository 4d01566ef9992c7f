// GraphModels against tfjs-backend-cpu: small ones made here, and those that the converter wrote.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { readGraphModel } from "../fixtures/converted-model.ts";
import { graphCases } from "../fixtures/graph-cases.ts";
import { attr, buildGraphModel, placeholder } from "../fixtures/graph-model.ts";
import { prepareGraphCase } from "../fixtures/prepare-case.ts";
import { expectOrtAgrees } from "../fixtures/run-prepared.ts";
import { traceGraphModel } from "./trace-graph-model.ts";

describe("small graphs", () => {
  test.each(graphCases)("$name", async ({ graph, fills }) => {
    await expectOrtAgrees(await prepareGraphCase(buildGraphModel(graph), fills));
  });
});

describe("models of the converter", () => {
  test.each(["text/graph", "text/graph-uint16", "vision/graph", "vision/graph-uint8"])(
    "%s",
    async (folder) => {
      const model = readGraphModel(folder);
      await expectOrtAgrees(await prepareGraphCase(model, { ids: { low: 0, high: 50 } }));
    },
  );
});

test("inputs and outputs are named by the signature, weights and nodes by the graph's nodes", () => {
  const { graph } = traceGraphModel(buildGraphModel(graphCases[0]!.graph), { name: "scorer" });
  expect(graph.name).toBe("scorer");
  expect(graph.inputs).toMatchObject([{ name: "features", dtype: "float32", dims: ["batch", 3] }]);
  expect(graph.outputs).toMatchObject([{ name: "scores", dims: ["batch", 4] }]);
  expect([...graph.initializers.keys()]).toEqual(["model/dense/kernel", "model/dense/bias"]);
  expect(graph.nodes.map(({ name }) => name)).toEqual([
    "model/dense/BiasAdd/gemm",
    "model/dense/Relu/relu",
    "Identity/softmax",
  ]);
});

test("free sizes are named after their inputs, or as the caller says", () => {
  const model = buildGraphModel(graphCases[4]!.graph);
  const dimsOf = (options?: Parameters<typeof traceGraphModel>[1]) =>
    traceGraphModel(model, options).graph.inputs.map(({ dims }) => dims);
  const same = { ids: ["batch", "length"], keep: ["batch", "length"] };
  expect(dimsOf({ dims: same })).toEqual([same.ids, same.keep]);
  expect(dimsOf({ dims: { ids: [2, 3], keep: [2, 3] } })).toEqual([
    [2, 3],
    [2, 3],
  ]);
});

test("every node that needs executeAsync is named", () => {
  const model = buildGraphModel({
    nodes: [
      placeholder("x", "float32", [-1, 2]),
      { name: "loop/Enter", op: "Enter", input: ["x"], attr: { T: attr.type("float32") } },
      { name: "nonzero", op: "Where", input: ["x"] },
      { name: "sum", op: "AddV2", input: ["loop/Enter", "nonzero"] },
    ],
  });
  expect(() => traceGraphModel(model, { name: "loop" })).toThrow(
    expect.objectContaining({
      code: "TRACE_UNSUPPORTED",
      details: {
        what: "loop",
        issues: [
          expect.stringContaining('node "loop/Enter" (Enter): control flow needs executeAsync'),
          expect.stringContaining('node "nonzero" (Where): an output whose size hangs on values'),
        ],
      },
    }),
  );
});

test("kernels without an ONNX form are listed with their nodes, all at once", () => {
  const model = buildGraphModel({
    nodes: [
      placeholder("x", "float32", [-1, 4]),
      { name: "a/flat", op: "Reshape", input: ["x", "all"] },
      { name: "a/distinct", op: "Unique", input: ["a/flat"] },
      { name: "b/drawn", op: "Multinomial", input: ["x", "two"] },
      { name: "b/float", op: "Cast", input: ["b/drawn"], attr: { DstT: attr.type("float32") } },
      { name: "sum", op: "AddV2", input: ["a/distinct", "b/float"] },
    ],
    weights: {
      all: { dtype: "int32", dims: [1], data: [-1] },
      two: { dtype: "int32", dims: [], data: [2] },
    },
  });
  expect(() => traceGraphModel(model)).toThrow(
    expect.objectContaining({
      code: "TRACE_UNSUPPORTED",
      details: {
        what: "graph model",
        issues: expect.arrayContaining([
          expect.stringContaining('Unique (in node "a/distinct")'),
          expect.stringContaining('Multinomial (in node "b/drawn")'),
        ]),
      },
    }),
  );
});

test("an input of unknown rank or of another dtype is refused, and told what to give", () => {
  const model = buildGraphModel({
    nodes: [
      placeholder("x", "float32"),
      { name: "text", op: "Placeholder", attr: { dtype: { type: "DT_STRING" }, shape: attr.shape([-1]) } },
      { name: "y", op: "Abs", input: ["x"] },
    ],
  });
  expect(() => traceGraphModel(model)).toThrow(
    expect.objectContaining({
      code: "TRACE_SIGNATURE",
      details: expect.objectContaining({
        issues: [
          "input x has no shape; give its `dims`",
          "input text is of dtype string; a graph can hold float32, int32, bool",
        ],
      }),
    }),
  );
  const known = buildGraphModel({
    nodes: [placeholder("x", "float32"), { name: "y", op: "Abs", input: ["x"], attr: {} }],
  });
  expect(traceGraphModel(known, { dims: { x: ["n", 2] } }).graph.outputs[0]?.dims).toEqual(["n", 2]);
});

test("the model works as before", async () => {
  await tf.setBackend("cpu");
  const model = buildGraphModel(graphCases[0]!.graph);
  const x = tf.tensor2d([[1, 2, 3]]);
  const before = (model.predict(x) as tf.Tensor).arraySync();
  const count = tf.memory().numTensors;
  traceGraphModel(model);
  expect(tf.memory().numTensors).toBe(count);
  expect((model.predict(x) as tf.Tensor).arraySync()).toEqual(before);
});
