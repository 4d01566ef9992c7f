import "@tensorflow/tfjs-backend-cpu";
import { isAttuneError } from "@attune/contracts";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type TensorsByName, traceFunction } from "../trace-function.ts";

// tfjs greets on the console unless told that this is production.
tf.env().set("PROD", true);

type Fn = (x: tf.Tensor, n: number) => tf.Tensor | TensorsByName;

/** Code and problems of what a function of x `[n, 3]` is refused for; n is 11, 26 and 13 in turn. */
function refusalOf(fn: Fn): readonly string[] {
  try {
    traceFunction(({ x }) => fn(x!, x!.shape[0]!), { x: { dtype: "float32", dims: ["n", 3] } });
  } catch (error) {
    const isKnown = isAttuneError(error, "TRACE_SHAPE_DEPENDENT") || isAttuneError(error, "TRACE_FROZEN");
    if (isKnown) return [error.code, ...error.details.issues];
    throw error;
  }
  return [];
}

const isLarge = (n: number) => n > 20;

test.each<[string, Fn, readonly string[]]>([
  [
    "another op at another size",
    (x, n) => (isLarge(n) ? tf.sin(x) : tf.cos(x)),
    ["TRACE_SHAPE_DEPENDENT", "Cos at one size is Sin at another"],
  ],
  [
    "an op that is there at one size only",
    (x, n) => (isLarge(n) ? tf.sin(tf.sin(x)) : tf.sin(x)),
    ["TRACE_SHAPE_DEPENDENT", "Sin runs at some sizes only"],
  ],
  [
    "the same ops on other values",
    (x, n) => tf.sin(isLarge(n) ? tf.cos(x) : x),
    ["TRACE_SHAPE_DEPENDENT", "Sin at one size is Cos at another"],
  ],
  [
    "other outputs",
    (x, n) => {
      const [a, b] = [tf.sin(x), tf.cos(x)];
      return isLarge(n) ? { a: b, b: a } : { a, b };
    },
    ["TRACE_SHAPE_DEPENDENT", "its outputs are other values, or have other names, at another size"],
  ],
  [
    "an attribute that changes",
    (x, n) => tf.cumsum(x, 1, isLarge(n)),
    ["TRACE_SHAPE_DEPENDENT", "Cumsum: an attribute of CumSum changes with the size"],
  ],
  [
    "the same op of another value",
    (x, n) => {
      const [a, b] = [tf.sin(x), tf.cos(x)];
      return tf.neg(isLarge(n) ? a : b);
    },
    ["TRACE_SHAPE_DEPENDENT", "Neg is computed otherwise, or of other values, at another size"],
  ],
  [
    "a start that follows no formula",
    (x, n) => tf.slice(x, [Math.floor(Math.sqrt(n)), 0], [1, 3]),
    ["TRACE_SHAPE_DEPENDENT", "Slice needs a size that is no multiple of the symbolic ones"],
  ],
  [
    "a number that follows no formula",
    (x, n) => tf.mul(x, Math.sqrt(n)),
    ["TRACE_FROZEN", "mul made float32 values on the host ([] in one trace)"],
  ],
  [
    "a divisor n · (n + 2)",
    (x, n) => tf.div(x, n * (n + 2)),
    ["TRACE_FROZEN", "div made float32 values on the host ([] in one trace)"],
  ],
])("refuses %s", (_, fn, expected) => {
  expect(refusalOf(fn)).toEqual(expected);
});

test("all numbers that would be frozen are told at once", () => {
  const issues = refusalOf((x, n) => tf.add(tf.mul(x, Math.sqrt(n)), tf.div(x, Math.log(n))));
  expect(issues.map((issue) => issue.split(" ")[0])).toEqual(["TRACE_FROZEN", "div", "mul"]);
});

test("what no output needs may differ", () => {
  const differs: Fn = (x, n) => {
    tf.mul(x, Math.sqrt(n));
    return tf.sin(x);
  };
  expect(refusalOf(differs)).toEqual([]);
});

test("what hangs on constants alone is computed while tracing, also through many ops", () => {
  const table = tf.tensor([1, 2, 3]);
  const { graph } = traceFunction(({ x }) => tf.mul(x!, tf.reverse(tf.square(tf.add(table, tf.scalar(1))))), {
    x: { dtype: "float32", dims: ["n", 3] },
  });
  expect(graph.nodes.map(({ op }) => op)).toEqual(["Mul"]);
  expect(Array.from(graph.initializers.values(), ({ data }) => Array.from(data, Number))).toEqual([
    [16, 9, 4],
  ]);
});

test("a constant that is much larger than what it is made of is made when the graph runs", () => {
  const { graph } = traceFunction(({ x }) => tf.mul(x!, tf.tile(tf.tensor([[1, 2, 3]]), [5000, 1])), {
    x: { dtype: "float32", dims: [5000, 3] },
  });
  const sizes = Array.from(graph.initializers.values(), ({ data }) => data.length);
  expect(Math.max(...sizes)).toBeLessThan(10);
});
