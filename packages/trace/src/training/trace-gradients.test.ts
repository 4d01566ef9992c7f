import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, expect, test } from "vitest";
import type { TensorsByName } from "../trace-function.ts";
import { traceGradients } from "./trace-gradients.ts";

beforeAll(async () => {
  tf.env().set("PROD", true);
  await tf.setBackend("cpu");
});

const signature = {
  x: { dtype: "float32", dims: ["batch", 3] },
  w: { dtype: "float32", dims: [3, 2] },
  ids: { dtype: "int32", dims: ["batch"] },
} as const;

const predict = ({ x, w }: TensorsByName) => tf.tanh(tf.matMul(x!, w!));
const loss = (inputs: TensorsByName) => tf.mean(tf.square(predict(inputs)));

const x = tf.randomNormal([5, 3], 0, 1, "float32", 1);
const w = tf.randomNormal([3, 2], 0, 1, "float32", 2);

async function run(bytes: Uint8Array, feeds: Readonly<Record<string, tf.Tensor>>) {
  const session = await InferenceSession.create(bytes);
  const used = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name));
  const given = used.map(([name, tensor]) => [
    name,
    tensor.dtype === "int32"
      ? new Tensor("int32", tensor.dataSync<"int32">(), tensor.shape)
      : new Tensor("float32", tensor.dataSync<"float32">(), tensor.shape),
  ]);
  const results = await session.run(Object.fromEntries(given));
  await session.release();
  return results;
}

function expectClose(actual: Tensor | undefined, expected: tf.Tensor): void {
  expect(actual?.dims).toEqual(expected.shape);
  for (const [at, value] of expected.dataSync().entries())
    expect(Number(actual?.data[at])).toBeCloseTo(value, 5);
}

const ids = tf.tensor1d([0, 1, 2, 3, 4], "int32");

test("a loss and its gradients by every float input", async () => {
  const model = traceGradients(loss, signature);
  expect(model.graph.outputs.map(({ name }) => name)).toEqual(["output", "gradient/x", "gradient/w"]);
  const results = await run(writeModel(model), { x, w, ids });
  const [dx, dw] = tf.grads((a, b) => loss({ x: a!, w: b! }))([x, w]);
  expectClose(results.output as Tensor, loss({ x, w }));
  expectClose(results["gradient/x"] as Tensor, dx!);
  expectClose(results["gradient/w"] as Tensor, dw!);
});

test("a result of any shape, with dy as an input", async () => {
  const dy = { dtype: "float32", dims: ["batch", 2] } as const;
  const model = traceGradients(predict, signature, { by: ["w"], dy });
  const slope = tf.randomNormal([5, 2], 0, 1, "float32", 3);
  const results = await run(writeModel(model), { x, w, ids, dy: slope });
  const [dw] = tf.grads((b) => predict({ x, w: b! }))([w], slope);
  expectClose(results["gradient/w"] as Tensor, dw!);
});

test("a result that is not one number is refused with the signature's dims, not those of a trace", () => {
  expect(() => traceGradients(predict, signature)).toThrow(
    "the loss of predict has shape [batch, 2], not [] (one number); take its mean or sum, or give `dy`",
  );
});

test.each([
  ["a result that is not one number", () => traceGradients(predict, signature), "TRACE_LOSS"],
  [
    "an input that does not reach it",
    () => traceGradients(({ x: a }) => tf.sum(a!), signature),
    "TRACE_UNREACHED",
  ],
  ["an input that is not there", () => traceGradients(loss, signature, { by: ["y"] }), "TRACE_SIGNATURE"],
  [
    "an input that has no gradient",
    () => traceGradients(loss, signature, { by: ["ids"] }),
    "TRACE_SIGNATURE",
  ],
] as const)("refuses %s", (_, act, code) => {
  expect(act).toThrow(expect.objectContaining({ code }));
});
