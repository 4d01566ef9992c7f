// What a traced LayersModel is called, what becomes of its recurrent layers, and what is refused.
import { isAttuneError } from "@attune/contracts";
import type { Model } from "@attune/onnx";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { input, layers, model, type SymbolicTensor, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import { readLayersModel } from "../fixtures/converted-model.ts";
import { drawWeights, prepareLayersModel } from "../fixtures/prepare-case.ts";
import { expectOrtAgrees } from "../fixtures/run-prepared.ts";
import { applyAll, applyLayer } from "../layers/cases/layer-case.ts";
import { plain } from "../layers/cases/recurrent.ts";
import { traceLayersModel } from "./trace-layers-model.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

function opsOf({ graph }: Model): string[] {
  return graph.nodes.map(({ op }) => op);
}

function issuesOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (isAttuneError(error, "TRACE_UNSUPPORTED")) return error.details.issues;
    throw error;
  }
  return [];
}

describe("models of the converter", () => {
  test.each(["photo/layers", "photo/layers-float16", "sequence/layers", "sequence/layers-uint16"])(
    "%s",
    async (folder) => {
      const source = await readLayersModel(folder);
      await expectOrtAgrees(await prepareLayersModel(source, { ids: { low: 0, high: 20 } }));
    },
  );
});

describe("names", () => {
  test("inputs and outputs are the layers', nodes have their layer's path, weights are named as tfjs saves them", () => {
    const encoder = sequential({
      name: "encoder",
      layers: [layers.dense({ name: "hidden", units: 3, activation: "tanh", inputShape: [4] })],
    });
    const user = input({ shape: [4], name: "user" });
    const score = layers.dense({ name: "score", units: 1 }).apply(encoder.apply(user) as SymbolicTensor);
    const ranker = model({ name: "ranker", inputs: user, outputs: score as SymbolicTensor });
    drawWeights(ranker, 1);
    const { graph, metadata } = traceLayersModel(ranker, { metadata: { author: "test" } });
    expect(metadata).toMatchObject({ author: "test" });
    expect(graph.name).toBe("ranker");
    expect(graph.inputs).toEqual([{ name: "user", dtype: "float32", dims: ["batch", 4] }]);
    expect(graph.outputs).toEqual([{ name: "score", dtype: "float32", dims: ["batch", 1] }]);
    const scopes = graph.nodes.map(({ name }) => name.split("/").slice(0, -1).join("/"));
    expect([...new Set(scopes)]).toEqual(["encoder/hidden", "score"]);
    expect([...graph.initializers.keys()].filter((name) => name.includes("/")).sort()).toEqual([
      ...["hidden/bias", "hidden/kernel", "score/bias", "score/kernel"],
    ]);
  });

  test("the outputs of one layer are numbered, an output that is an input is not called like it", () => {
    const x = input({ shape: [null, 2], name: "x" });
    const [y, h] = applyAll(layers.gru({ name: "gru", units: 2, returnState: true, ...plain }), x);
    const { graph } = traceLayersModel(model({ inputs: x, outputs: [y!, h!, x] }));
    expect(graph.outputs.map(({ name }) => name)).toEqual(["gru_0", "gru_1", "x_0"]);
    expect(graph.inputs[0]?.dims).toEqual(["batch", "x_1", 2]);
  });

  test("dims of the caller take the place of free ones", () => {
    const [a, b] = [input({ shape: [null, 2], name: "a" }), input({ shape: [null, 2], name: "b" })];
    const sum = model({ inputs: [a, b], outputs: applyLayer(layers.add(), [a, b]) });
    const dims = { a: ["batch", "length", 2], b: ["batch", "length", 2] };
    const { graph } = traceLayersModel(sum, { dims });
    expect(graph.inputs.map((value) => value.dims)).toEqual([dims.a, dims.b]);
    expect(graph.outputs[0]?.dims).toEqual(dims.a);
    expect(traceLayersModel(sum, { dims: { a: [1, 3, 2], b: [1, 3, 2] } }).graph.outputs[0]?.dims).toEqual([
      1, 3, 2,
    ]);
  });

  test("dims that do not fit are all told", () => {
    const x = input({ shape: [3], name: "x" });
    const relu = model({ inputs: x, outputs: applyLayer(layers.reLU(), x) });
    expect(() => traceLayersModel(relu, { name: "relu", dims: { x: ["batch", 4], z: [1] } })).toThrow(
      expect.objectContaining({
        code: "TRACE_SIGNATURE",
        details: {
          what: "relu",
          issues: [
            "the model has no input z; its inputs are x",
            "input x: dims [batch, 4] do not fit the model's [null, 3]",
          ],
        },
      }),
    );
  });
});

describe("recurrent layers are ONNX's ops", () => {
  const at = (layer: layers.Layer) => sequential({ layers: [layer] });
  const inputShape = [null as unknown as number, 3];

  test("one op and two transposes", () => {
    const lstm = layers.lstm({ units: 2, returnSequences: true, inputShape, ...plain });
    expect(opsOf(traceLayersModel(at(lstm)))).toEqual(["Transpose", "LSTM", "Squeeze", "Transpose"]);
  });

  test("unroll, which tfjs ignores too, changes nothing", () => {
    const lstm = layers.lstm({ units: 2, unroll: true, inputShape, ...plain });
    expect(opsOf(traceLayersModel(at(lstm)))).toEqual(["Transpose", "LSTM", "Squeeze"]);
  });

  test("both directions are one op", () => {
    const gru = layers.gru({ units: 2, returnSequences: true, ...plain });
    const both = layers.bidirectional({ layer: gru as never, inputShape });
    expect(opsOf(traceLayersModel(at(both)))).toEqual(["Transpose", "GRU", "Transpose", "Reshape"]);
  });

  test("a stack is a chain", () => {
    const cell = [1, 2].map(() => layers.simpleRNNCell({ units: 2, ...plain }));
    expect(opsOf(traceLayersModel(at(layers.rnn({ cell, inputShape }))))).toEqual([
      "Transpose",
      ...["RNN", "Squeeze", "RNN", "Squeeze"],
    ]);
  });

  test("a dense layer over time is one product", () => {
    const layer = layers.timeDistributed({ layer: layers.dense({ units: 2 }), inputShape });
    expect(opsOf(traceLayersModel(at(layer))).filter((op) => op === "Gemm" || op === "MatMul")).toHaveLength(
      1,
    );
  });
});

describe("what is refused", () => {
  const free = input({ shape: [null, 3], name: "x" });

  /** Draws its input, and takes the distinct values of it. */
  class Odd extends layers.Layer {
    static readonly className = "TestOdd";
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor2D;
      const drawn = tf.cast(tf.multinomial(x, 2, 1), "float32");
      return tf.add(drawn, tf.unique(tf.reshape(x, [-1])).values);
    }
    override computeOutputShape(): number[] {
      return [null as unknown as number, 2];
    }
  }

  test("every layer and kernel at once, with the path", () => {
    const states = { batchInputShape: [2, 4, 3] as [number, number, number], ...plain };
    const odd = sequential({ name: "inner", layers: [new Odd({ name: "odd", inputShape: [2] })] });
    const source = sequential({
      layers: [layers.lstm({ name: "memory", units: 2, stateful: true, ...states }), odd],
    });
    const issues = issuesOf(() => traceLayersModel(source));
    expect(issues).toEqual([
      expect.stringMatching(/^LSTM \(in layer "memory"\): stateful: true keeps/),
      expect.stringMatching(/^Multinomial \(in layer "inner\/odd"\)/),
      expect.stringMatching(/^Unique \(in layer "inner\/odd"\)/),
    ]);
  });

  test("steps that must be traced one by one, over a free length", () => {
    const named = (name: string) => ({ name, returnSequences: true, units: 3, ...plain });
    const a = applyLayer(layers.gru({ ...named("swishing"), activation: "swish" as "tanh" }), free);
    const b = applyLayer(layers.timeDistributed({ name: "each", layer: new Odd({ name: "own" }) }), free);
    const issues = issuesOf(() => traceLayersModel(model({ inputs: free, outputs: [a, b] })));
    expect(issues).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^GRU \(in layer "swishing"\): ONNX's GRU has no activation swish, only tanh, .*`dims`\)$/,
        ),
        expect.stringMatching(
          /^TimeDistributed \(in layer "each"\): "own" may mix the rows of a batch; .*`dims`\)$/,
        ),
        expect.stringMatching(/^Unique \(in layer "each\/own"\)/),
      ]),
    );
  });

  test("convolutional and custom cells over a free length", () => {
    class Sum extends layers.RNNCell {
      static readonly className = "TestSumCell";
      readonly stateSize = 3;
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
        const sum = tf.addN(inputs as tf.Tensor[]);
        return [sum, sum];
      }
    }
    const clip = input({ shape: [null, 3, 3, 1], name: "clip" });
    const seen = layers.convLstm2d({ name: "seen", filters: 1, kernelSize: 2, ...plain });
    const summed = layers.rnn({ name: "summed", cell: new Sum({}) });
    const outputs = [applyLayer(seen, clip), applyLayer(summed, free)];
    expect(issuesOf(() => traceLayersModel(model({ inputs: [clip, free], outputs })))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ConvLSTM2D \(in layer "seen"\): ConvLSTM2D has no ONNX op; .*`dims`\)$/),
        expect.stringMatching(/^RNN \(in layer "summed"\): its cell TestSumCell is not one .*`dims`\)$/),
      ]),
    );
  });

  test("a fixed length makes them possible", () => {
    const gru = layers.gru({ units: 3, activation: "swish" as "tanh", ...plain });
    const source = model({ inputs: free, outputs: applyLayer(gru, free) });
    const traced = traceLayersModel(source, { dims: { x: ["batch", 2, 3] } });
    expect(opsOf(traced)).not.toContain("GRU");
    expect(traced.graph.outputs[0]?.dims).toEqual(["batch", 3]);
  });

  test("what a layer itself throws is told with its path", () => {
    class Broken extends layers.Layer {
      static readonly className = "TestBroken";
      override call(): tf.Tensor {
        throw new Error("no such table");
      }
    }
    const source = sequential({ layers: [new Broken({ name: "broken", inputShape: [2] })] });
    expect(issuesOf(() => traceLayersModel(source))).toEqual(['layer "broken": no such table']);
  });

  test("a layer that reads its input on the host is named", () => {
    class Reading extends layers.Layer {
      static readonly className = "TestReading";
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
        return (x.dataSync()[0] ?? 0) > 0 ? x : tf.neg(x);
      }
    }
    const source = sequential({ layers: [new Reading({ name: "reading", inputShape: [2] })] });
    expect(() => traceLayersModel(source)).toThrow(/in layer "reading" reads a tensor on the host/);
  });

  test("a model without layers", () => {
    expect(() => traceLayersModel(sequential({ name: "empty" }))).toThrow(
      /empty[\s\S]*the model has no inputs/,
    );
  });
});

describe("the model stays as it was", () => {
  function build(name: string) {
    const ids = input({ shape: [4], name });
    const embedded = applyLayer(layers.embedding({ inputDim: 5, outputDim: 3, maskZero: true }), ids);
    const cell = layers.gruCell({ units: 2, activation: "swish" as "tanh", recurrentDropout: 0.5, ...plain });
    const inner = input({ shape: [4, 3] });
    const nested = model({
      inputs: inner,
      outputs: applyLayer(layers.rnn({ cell, returnSequences: true }), inner),
    });
    return model({ inputs: ids, outputs: applyLayer(nested as unknown as layers.Layer, embedded) });
  }

  test("values, tensors and properties, whether or not the trace succeeds", () => {
    const source = build("ids");
    const x = tf.tensor2d([[1, 0, 2, 3]]);
    traceLayersModel(source);
    const properties = source.layers.map((layer) => Object.keys(layer));
    const { numTensors } = tf.memory();
    traceLayersModel(source);
    expect(() => traceLayersModel(source, { dims: { ids: [1] } })).toThrow();
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(source.layers.map((layer) => Object.keys(layer))).toEqual(properties);
    expect(tf.getBackend()).toBe("cpu");
    expect((source.predict(x) as tf.Tensor).shape).toEqual([1, 4, 2]);
  });
});
