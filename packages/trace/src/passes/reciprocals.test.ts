import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { comparePasses, type PassCase } from "../fixtures/compare-passes.ts";
import { float } from "../kernels/cases/kernel-case.ts";

const inputs: PassCase["inputs"] = {
  a: float(["n", 4]),
  b: float(["n", 4], { low: 0.5, high: 2 }),
  c: float(["n", 4], { low: 0.5, high: 2 }),
};

test.each<[string, PassCase["run"]]>([
  ["a reciprocal", ({ a, b }) => tf.div(a!, tf.reciprocal(b!))],
  ["a product of two", ({ a, b, c }) => tf.div(a!, tf.mul(tf.reciprocal(b!), tf.reciprocal(c!)))],
  ["a product with a power of 2", ({ a, b }) => tf.div(a!, tf.mul(tf.reciprocal(b!), -4))],
  [
    "one in another shape",
    ({ a, b }) => tf.div(a!, tf.reshape(tf.reciprocal(tf.reshape(b!, [-1])), b!.shape)),
  ],
])("a quotient by %s is a product", async (_, run) => {
  const { before, after } = await comparePasses({ inputs, run });
  expect(before.Div).toBe(1);
  expect([after.Div, after.Reciprocal]).toEqual([undefined, undefined]);
});

test.each<[string, PassCase["run"]]>([
  ["what is no reciprocal", ({ a, b }) => tf.div(a!, b!)],
  ["a product with what is none", ({ a, b, c }) => tf.div(a!, tf.mul(tf.reciprocal(b!), c!))],
  ["a product with 3, which would round twice", ({ a, b }) => tf.div(a!, tf.mul(tf.reciprocal(b!), 3))],
])("a quotient by %s stays", async (_, run) => {
  expect((await comparePasses({ inputs, run, tolerance: 0 })).after.Div).toBe(1);
});
