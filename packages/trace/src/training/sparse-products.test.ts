import "@tensorflow/tfjs-backend-cpu";
import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type TrainStep, traceTrainStep } from "./train-step.ts";

const [width, hidden] = [700, 100];

type Batch = Readonly<Record<string, tf.Tensor>>;
type Variables = Readonly<Record<string, tf.Variable>>;

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

afterEach(() => tf.disposeVariables());

const matrix = (name: string, seed: number, dims: [number, number] = [width, hidden]) =>
  tf.variable(tf.randomNormal(dims, 0, 0.1, "float32", seed), true, name);

function trace(variables: Variables, loss: (batch: Batch) => tf.Tensor, more: object = {}): TrainStep {
  const x = { dtype: "float32", dims: ["batch", width] } as const;
  return traceTrainStep({ loss, signature: { x }, variables, optimizer: tf.train.sgd(0.1), ...more });
}

const square = (y: tf.Tensor) => tf.mean(tf.square(tf.tanh(y)));
const productsOf = (step: TrainStep) => step.split?.sparse?.products;

describe("takes", () => {
  test("a layer on a batch's input; the product comes in, dy goes out, x and W are not asked for", () => {
    const [w, b] = [matrix("w", 1), tf.variable(tf.zeros([hidden]), true, "b")];
    const step = trace({ w, b }, ({ x }) => square(tf.add(tf.matMul(x!, w), b)));
    const product = { input: "x", weight: "w", product: "product/w", outputGradient: "output_gradient/w" };
    expect(productsOf(step)).toEqual([{ ...product, gradient: "gradient/w" }]);
    const { inputs, outputs } = step.split!.sparse!.model.graph;
    expect(inputs).toEqual([
      { name: "b", dtype: "float32", dims: [hidden] },
      { name: "product/w", dtype: "float32", dims: ["batch", hidden] },
    ]);
    expect(outputs.map(({ name, dims }) => [name, dims])).toEqual([
      ["loss", []],
      ["output_gradient/w", ["batch", hidden]],
      ["gradient/b", [hidden]],
    ]);
    // A row of x picks rows of W, so both graphs have it as it is.
    expect(step.split?.program.groups.every(({ isTransposed }) => !isTransposed)).toBe(true);
    expect(step.split?.model.graph.inputs.find(({ name }) => name === "w")?.dims).toEqual([width, hidden]);
  });

  test("what else reads x gets it; two layers on one input are two products", () => {
    const [w, other] = [matrix("w", 1), matrix("other", 2)];
    const back = matrix("back", 3, [hidden, width]);
    const step = trace({ w, other, back }, ({ x }) => {
      const code = tf.mul(tf.tanh(tf.matMul(x!, w)), tf.matMul(x!, other));
      return tf.mean(tf.square(tf.sub(tf.matMul(code, back), x!)));
    });
    expect(productsOf(step)?.map(({ weight }) => weight)).toEqual(["w", "other"]);
    expect(step.split?.sparse?.model.graph.inputs.map(({ name }) => name)).toEqual([
      ...["x", "back", "product/w", "product/other"],
    ]);
  });

  test("a product that is used twice", () => {
    const [w, scale] = [matrix("w", 1), tf.variable(tf.scalar(2), true, "scale")];
    const step = trace({ w, scale }, ({ x }) => {
      const y = tf.matMul(x!, w);
      return tf.add(square(y), tf.mean(tf.mul(tf.relu(y), scale)));
    });
    expect(productsOf(step)).toHaveLength(1);
  });

  test("names that are taken get a number", () => {
    const [w, b] = [matrix("w", 1), tf.variable(tf.zeros([hidden]))];
    const step = trace({ w, "product/w": b }, ({ x }) => square(tf.add(tf.matMul(x!, w), b)));
    expect(productsOf(step)?.[0]?.product).toBe("product/w_2");
  });
});

describe("leaves", () => {
  test.each<[string, (w: tf.Variable, x: tf.Tensor) => tf.Tensor, object?]>([
    ["an input that was changed before", (w, x) => square(tf.matMul(tf.sin(x), w))],
    ["a gradient with another part", (w, x) => tf.add(square(tf.matMul(x, w)), tf.mean(tf.square(w)))],
    ["a weight of two inputs", (w, x) => tf.add(square(tf.matMul(x, w)), square(tf.matMul(tf.sin(x), w)))],
    [
      "a gradient that the graph itself reads, for its norm",
      (w, x) => square(tf.matMul(x, w)),
      { update: { clip: { kind: "norm", value: 1 } } },
    ],
  ])("%s", (_, loss, more) => {
    const w = matrix("w", 1);
    const step = trace({ w }, ({ x }) => loss(w, x!), more);
    expect(step.split).toBeDefined();
    expect(productsOf(step)).toBeUndefined();
  });

  test("a small matrix", () => {
    const w = matrix("w", 1, [width, 3]);
    expect(productsOf(trace({ w }, ({ x }) => square(tf.matMul(x!, w))))).toBeUndefined();
  });
});

/** Every output of a graph, of the inputs that it wants. */
async function run(model: Parameters<typeof writeModel>[0], given: Readonly<Record<string, tf.Tensor>>) {
  const session = await InferenceSession.create(writeModel(model));
  const feeds = session.inputNames.map((name) => {
    const { shape } = given[name]!;
    return [name, new OrtTensor("float32", Float32Array.from(given[name]!.dataSync()), shape)] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return (name: string) => tf.tensor(results[name]!.data as Float32Array, [...results[name]!.dims]);
}

function worstDifference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}

test("both graphs give the same loss and gradients", async () => {
  const [w, b] = [matrix("w", 1), tf.variable(tf.randomNormal([hidden], 0, 1, "float32", 2), true, "b")];
  // Numbers on both sides: the alpha of a Gemm.
  const step = trace({ w, b }, ({ x }) => square(tf.add(tf.mul(tf.matMul(tf.mul(x!, 3), w), 0.5), b)));
  const x = tf.randomNormal([5, width], 0, 1, "float32", 3);
  const dense = await run(step.split!.model, { x, w, b });
  const [product] = productsOf(step)!;
  const sparse = await run(step.split!.sparse!.model, { b, "product/w": tf.matMul(x, w) });
  expect(worstDifference(sparse("loss"), dense("loss"))).toBeLessThan(1e-6);
  expect(worstDifference(sparse("gradient/b"), dense("gradient/b"))).toBeLessThan(1e-6);
  const gradient = tf.matMul(x, sparse(product!.outputGradient), true);
  expect(worstDifference(gradient, dense(product!.gradient))).toBeLessThan(1e-5);
});
