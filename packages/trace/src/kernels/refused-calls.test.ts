// Calls of traceable kernels that have no ONNX form: refused by name, with what to do instead.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { InputSpec } from "../signature.ts";
import { traceFunction } from "../trace-function.ts";

// tfjs greets on the console unless told that this is production.
tf.env().set("PROD", true);

const float: InputSpec = { dtype: "float32", dims: ["n", 2] };
const bool: InputSpec = { dtype: "bool", dims: ["n", 2] };
const empty: InputSpec = { dtype: "float32", dims: [0, 3] };

type Refusal = readonly [name: string, spec: InputSpec, run: (x: tf.Tensor) => tf.Tensor, reason: string];

const refusals: readonly Refusal[] = [
  [
    "sum of truth values",
    bool,
    (x) => tf.add(x, x),
    "Add: dtype bool is not supported; it takes float32, int32",
  ],
  ["complex numbers", float, (x) => tf.cast(x, "complex64"), "Cast: a graph of ONNX cannot hold complex64"],
  ["text", float, (x) => tf.concat([tf.fill([1, 2], "a"), x]), "Fill: a graph of ONNX cannot hold string"],
  ["top of nothing", empty, (x) => tf.topk(x, 2).values, "TopK: an empty tensor ends ONNX Runtime"],
  [
    "a choice by numbers",
    float,
    (x) => tf.engine().runKernel("Select", { condition: x, t: x, e: x }),
    "Select: the condition must be bool",
  ],
];

test.each(refusals)("%s", (_, spec, run, reason) => {
  expect(() => traceFunction(({ x }) => run(x!), { x: spec })).toThrow(reason);
});

test("every refused call is in one error", () => {
  const run = (x: tf.Tensor) => tf.multinomial(tf.cast(tf.add(x, x), "float32") as tf.Tensor2D, 3);
  expect(() => traceFunction(({ x }) => run(x!), { x: bool })).toThrow(
    /Add: dtype bool[\s\S]*Multinomial: it draws/,
  );
});
