// Gradients that tfjs lacks, or has for other cases only: against finite differences on tfjs-backend-cpu, and traced
// with a symbolic size. That of tile is compared with tfjs's own in the cases of the kernel list.
import "@tensorflow/tfjs-backend-cpu";
import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients, which tfjs-core's Node build lacks.
import "@tensorflow/tfjs-layers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { type TensorsByName, traceFunction } from "../trace-function.ts";
import { withGradients } from "./index.ts";

tf.env().set("PROD", true);

type Shape = readonly (number | "n")[];

function dimsAt(shape: Shape, n: number): number[] {
  return shape.map((dim) => (dim === "n" ? n : dim));
}

/** Numbers between −1 and 1 that look like noise. */
function wave(count: number, phase: number): Float32Array {
  return Float32Array.from({ length: count }, (_, at) => Math.sin(7 * at + phase));
}

function makeInputs(shapes: readonly Shape[], n: number): Record<string, tf.Tensor> {
  return Object.fromEntries(
    shapes.map((shape, at) => {
      const dims = dimsAt(shape, n);
      return [`x${at}`, tf.tensor(wave(tf.util.sizeFromShape(dims), at), dims)];
    }),
  );
}

/** A scalar that hangs on each element of y in another way. */
function weigh(y: tf.Tensor): tf.Tensor {
  const places = tf.reshape(tf.range(0, y.size, 1, "float32"), y.shape);
  return tf.sum(tf.mul(y, tf.cos(places)));
}

/** d loss / d x by central differences. */
function differences(loss: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): number[] {
  const values = Float32Array.from(x.dataSync());
  const step = 1 / 64;
  return Array.from(values, (value, at) => {
    const at1 = (moved: number) =>
      Number(loss(tf.tensor(Float32Array.from(values).fill(moved, at, at + 1), x.shape)).dataSync()[0]);
    return (at1(value + step) - at1(value - step)) / (2 * step);
  });
}

async function check(op: (...inputs: tf.Tensor[]) => tf.Tensor, shapes: readonly Shape[]): Promise<void> {
  const gradients = (inputs: TensorsByName): TensorsByName =>
    Object.fromEntries(
      tf
        .grads((...given: tf.Tensor[]) => weigh(op(...given)))(Object.values(inputs))
        .map((gradient, at): [string, tf.Tensor] => [`d${at}`, gradient]),
    );
  const signature = Object.fromEntries(
    shapes.map((dims, at) => [`x${at}`, { dtype: "float32" as const, dims }]),
  );
  const session = await InferenceSession.create(writeModel(traceFunction(gradients, signature)));
  await tf.setBackend("cpu");
  for (const n of [1, 4]) {
    const inputs = makeInputs(shapes, n);
    const list = Object.values(inputs);
    const onCpu = withGradients(() => gradients(inputs));
    const feeds = Object.entries(inputs).filter(([name]) => session.inputNames.includes(name));
    const traced = await session.run(
      Object.fromEntries(
        feeds.map(([name, x]) => [name, new Tensor("float32", x.dataSync() as Float32Array, x.shape)]),
      ),
    );
    for (const [at, x] of list.entries()) {
      const wanted = differences((moved) => weigh(op(...list.with(at, moved))), x);
      const found = onCpu[`d${at}`]!;
      expect(found.shape).toEqual(x.shape);
      expect(traced[`d${at}`]?.dims).toEqual(x.shape);
      for (const [place, value] of wanted.entries()) {
        // The loss is linear in each operand: only float32 rounding, divided by the step, is left.
        expect(found.dataSync()[place]).toBeCloseTo(value, 3);
        expect(Number(traced[`d${at}`]?.data[place])).toBeCloseTo(value, 3);
      }
    }
  }
}

describe("einsum", () => {
  const equations: readonly [string, ...Shape[]][] = [
    ["ij,jk->ik", ["n", 4], [4, 3]],
    ["ij,jk->ki", ["n", 4], [4, 3]],
    ["abc,cde->abde", ["n", 2, 3], [3, 2, 2]],
    ["aecd,abcd->acbe", ["n", 3, 2, 2], ["n", 2, 2, 2]],
    ["acbe,aecd->abcd", ["n", 2, 3, 2], ["n", 2, 2, 2]],
    ["i,j->ij", ["n"], [3]],
    ["i,i->", ["n"], ["n"]],
    ["ij,ij->i", ["n", 3], ["n", 3]],
    ["ij,j->i", ["n", 3], [3]],
    ["ij->ji", ["n", 3]],
    ["ij->i", ["n", 3]],
    ["ij->", ["n", 3]],
  ];
  test.each(equations)("%s", async (equation, ...shapes) => {
    await check((...inputs) => tf.einsum(equation, ...inputs), shapes);
  });
});

describe("gather with batch dims", () => {
  const indicesFor = (x: tf.Tensor, rest: number[], size: number) => {
    const count = (x.shape[0] ?? 1) * tf.util.sizeFromShape(rest);
    const numbers = tf.range(0, count, 1, "int32");
    return tf.reshape(tf.mod(tf.mul(numbers, tf.scalar(2, "int32")), tf.scalar(size, "int32")), [
      x.shape[0] ?? 1,
      ...rest,
    ]);
  };
  const cases: readonly [string, Shape, number[], number, number, number][] = [
    ["vectors", ["n", 5], [3], 5, 1, 1],
    ["rows", ["n", 5, 2], [3], 5, 1, 1],
    ["rows by matrices", ["n", 5, 2], [3, 2], 5, 1, 1],
    ["a later axis", ["n", 2, 5, 3], [4], 5, 2, 1],
    ["two batch dims", ["n", 2, 5], [2, 3], 5, 2, 2],
  ];
  test.each(cases)("%s", async (_, shape, rest, size, axis, batchDims) => {
    await check((x) => tf.gather(x, indicesFor(x, rest, size) as tf.Tensor1D, axis, batchDims), [shape]);
  });
});

describe("tile", () => {
  test("rank 5, which tfjs cannot", async () => {
    await check((x) => tf.tile(x, [2, 1, 3, 1, 2]), [["n", 2, 1, 2, 2]]);
  });

  test("tfjs keeps its own gradients outside", () => {
    const before = tf.getGradient("Tile");
    withGradients(() => expect(tf.getGradient("Tile")).not.toBe(before));
    expect(tf.getGradient("Tile")).toBe(before);
    expect(tf.getGradient("Einsum")).toBeUndefined();
  });
});
