import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TrainStepOptions, traceTrainStep } from "./train-step.ts";

const dims: Readonly<Record<string, readonly number[]>> = { wide: [4, 200], bias: [200], tall: [200, 1] };
let variables: Record<string, tf.Variable>;

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
  variables = Object.fromEntries(
    Object.entries(dims).map(([name, shape]) => [name, tf.variable(tf.fill([...shape], 0.1))]),
  );
});
afterAll(() => tf.dispose(variables));

const split = (given: Partial<TrainStepOptions> = {}) =>
  traceTrainStep({
    signature: { x: { dtype: "float32", dims: ["batch", 4] } },
    variables,
    optimizer: tf.train.adam(0.1),
    loss({ x }) {
      const { wide, bias, tall } = variables as Record<"wide" | "bias" | "tall", tf.Variable>;
      const y = tf.matMul(tf.tanh(tf.add(tf.matMul(x as tf.Tensor, wide), bias)), tall);
      return { loss: tf.mean(tf.square(y)) as tf.Scalar, metrics: { mean: tf.mean(y) } };
    },
    packsSmall: true,
    ...given,
  }).split!;

const names = (values: readonly { readonly name: string }[]) => values.map(({ name }) => name);

describe("packing", () => {
  test("all weights are one input, and gradients, loss and metrics one output", () => {
    const { model, packing, program } = split();
    expect(names(model.graph.inputs)).toEqual(["packed/state_2", "x"]);
    expect(names(model.graph.outputs)).toEqual(["packed/gradient"]);
    expect(packing).toEqual({
      length: 1202,
      sizes: [800, 200, 200],
      states: [
        { name: "packed/state_0", parts: ["wide/m", "bias/m", "tall/m"] },
        { name: "packed/state_1", parts: ["wide/v", "bias/v", "tall/v"] },
        { name: "packed/state_2", parts: ["wide", "bias", "tall"] },
      ],
      gradient: "packed/gradient",
      numbers: ["loss", "mean"],
    });
    expect(program.groups).toMatchObject([{ size: 1202, gradients: ["packed/gradient"] }]);
  });

  test("nothing is packed unless it is asked for", () => {
    const { model, packing } = split({ packsSmall: false });
    expect(packing).toBeUndefined();
    expect(names(model.graph.inputs).sort()).toEqual(["bias", "tall", "wide", "x"]);
  });

  test("tensors that are updated in different ways stay apart", () => {
    const { packing, program } = split({ update: { clip: { kind: "norm", value: 1 } } });
    expect(packing).toBeUndefined();
    expect(program.groups).toHaveLength(3);
  });

  test("what is clipped by one norm is updated alike", () => {
    const { packing, model } = split({ update: { clip: { kind: "globalNorm", value: 1 } } });
    expect(packing?.sizes).toEqual([800, 200, 200]);
    expect(names(model.graph.outputs)).toEqual(["scalar", "scalar_2", "scalar_3", "packed/gradient"]);
  });

  test("tables stay as they are", () => {
    const table = tf.variable(tf.zeros([30, 8]));
    const small = { a: tf.variable(tf.zeros([8])), b: tf.variable(tf.zeros([8])) };
    const { packing, model, program } = split({
      signature: { id: { dtype: "int32", dims: ["batch"] } },
      variables: { table, ...small },
      loss: ({ id }) => tf.mean(tf.mul(tf.add(tf.gather(table, id as tf.Tensor1D), small.a), small.b)),
    });
    expect(packing?.states.at(-1)?.parts).toEqual(["a", "b"]);
    expect(names(model.graph.inputs)).toEqual(["packed/state_2", "id", "table"]);
    expect(names(program.tables)).toEqual(["gradient/table/m"]);
    tf.dispose([table, ...Object.values(small)]);
  });

  test.each([1024, 1025])("nothing is packed beside a large tensor: 8 x %i", (width) => {
    const large = tf.variable(tf.zeros([8, width]));
    const small = { a: tf.variable(tf.zeros([width])), b: tf.variable(tf.zeros([width])) };
    const { packing } = split({
      signature: { x: { dtype: "float32", dims: ["batch", 8] } },
      variables: { large, ...small },
      loss: ({ x }) => tf.mean(tf.mul(tf.add(tf.matMul(x as tf.Tensor, large), small.a), small.b)),
    });
    expect(packing?.states.at(-1)?.parts).toEqual(width === 1024 ? ["large", "a", "b"] : undefined);
    tf.dispose([large, ...Object.values(small)]);
  });
});
