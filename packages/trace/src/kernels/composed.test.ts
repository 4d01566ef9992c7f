// Ops that tfjs composes of the kernels here, forward and backward: a kernel may be right alone and still meet values
// that it cannot trace.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { describe, test } from "vitest";
import { checkForward, checkGradient } from "../fixtures/run-case.ts";
import { float, int, type KernelCase } from "./cases/kernel-case.ts";

const noGradient = { skip: "tfjs itself cannot reach its inputs" };
const ofOne = { skip: "tfjs itself fails: bandPart unstacks a batch of one" };

const cases: readonly KernelCase[] = [
  {
    name: "bandPart of a matrix",
    inputs: { x: float([4, 5]) },
    run: ({ x }) => tf.linalg.bandPart(x!, 1, 2),
    gradient: ofOne,
  },
  {
    name: "bandPart of a batch",
    inputs: { x: float([3, 4, 4]) },
    run: ({ x }) => tf.linalg.bandPart(x!, -1, 0),
  },
  {
    name: "gramSchmidt",
    inputs: { x: float([3, 4]) },
    run: ({ x }) => tf.linalg.gramSchmidt(x as tf.Tensor2D),
    gradient: noGradient,
  },
  { name: "qr", inputs: { x: float([4, 3]) }, run: ({ x }) => tf.linalg.qr(x!), gradient: noGradient },
  {
    name: "qr of a batch",
    inputs: { x: float([2, 3, 3]) },
    run: ({ x }) => tf.linalg.qr(x!),
    gradient: noGradient,
  },
  ...([1, 2, "euclidean", Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const).map((order) => ({
    name: `norm ${order} along an axis`,
    inputs: { x: float(["n", 3]) },
    run: ({ x }: Readonly<Record<string, tf.Tensor>>) => tf.norm(x!, order, 1),
  })),
  { name: "norm of a matrix", inputs: { x: float(["n", 3]) }, run: ({ x }) => tf.norm(x!, "fro", [0, 1]) },
  { name: "norm of everything", inputs: { x: float(["n", 3, 2]) }, run: ({ x }) => tf.norm(x!) },
  {
    name: "outerProduct",
    inputs: { a: float(["n"]), b: float([3]) },
    run: ({ a, b }) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
  },
  ...(
    [
      ["vectors", float(["n"]), float(["n"])],
      ["vector and matrix", float([4]), float([4, "n"])],
      ["matrix and vector", float(["n", 4]), float([4])],
      ["matrices", float(["n", 4]), float([4, 3])],
    ] as const
  ).map(([name, a, b]) => ({
    name: `dot of ${name}`,
    inputs: { a, b },
    run: (inputs: Readonly<Record<string, tf.Tensor>>) => tf.dot(inputs.a!, inputs.b!),
  })),
  {
    name: "a matrix of all pairs of rows, flattened",
    inputs: { x: float(["n", 3]) },
    run: ({ x }) => tf.reshape(tf.matMul(x!, x!, false, true), [-1]),
  },
  {
    name: "the upper triangle of all pairs",
    inputs: { x: float([4, 3]) },
    run: ({ x }) => tf.linalg.bandPart(tf.matMul(x!, x!, false, true), 0, -1),
    gradient: ofOne,
  },
  {
    name: "rows twice",
    inputs: { x: float(["n", 3]), indices: int([2], [0]) },
    run: ({ x, indices }) => tf.concat([tf.gather(x!, indices as tf.Tensor1D), x!]),
  },
  {
    name: "history and target, side by side",
    inputs: {
      table: float([9, 4]),
      history: int(["n", 5], { low: 0, high: 9 }),
      target: int(["n"], { low: 0, high: 9 }),
    },
    run: ({ table, history, target }) => {
      const user = tf.mean(tf.gather(table!, history as tf.Tensor1D), 1);
      const item = tf.gather(table!, target as tf.Tensor1D);
      return tf.concat([tf.sum(tf.mul(user, item), 1, true), tf.matMul(user, table!, false, true)], 1);
    },
  },
  {
    name: "heads split and joined",
    inputs: { x: float(["n", "n", 8]) },
    run: ({ x }) => {
      const [batch, length] = x!.shape as [number, number, number];
      const heads = tf.transpose(tf.reshape(x!, [batch, length, 2, 4]), [0, 2, 1, 3]);
      const scores = tf.softmax(tf.matMul(heads, heads, false, true));
      return tf.reshape(tf.transpose(tf.matMul(scores, heads), [0, 2, 1, 3]), [batch, length, 8]);
    },
  },
  {
    name: "gather of a gather",
    inputs: { x: float([6, 3]), first: int(["n"], { low: 0, high: 6 }) },
    run: ({ x, first }) => {
      const rows = tf.gather(x!, first as tf.Tensor1D);
      return tf.gather(rows, tf.zeros([2], "int32") as tf.Tensor1D);
    },
  },
  {
    name: "moving windows of a sequence",
    inputs: { x: float([2, "n", 3]) },
    run: ({ x }) => {
      const padded = tf.pad(x!, [
        [0, 0],
        [2, 0],
        [0, 0],
      ]);
      const length = x!.shape[1]!;
      return tf.stack(
        [0, 1, 2].map((at) => tf.slice(padded, [0, at, 0], [-1, length, -1])),
        2,
      );
    },
  },
];

describe.each(cases)("$name", (given) => {
  test("values", () => checkForward(given));
  test.runIf(given.gradient === undefined)("gradient", () => checkGradient(given));
});
