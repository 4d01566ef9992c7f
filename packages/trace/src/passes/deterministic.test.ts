import "@tensorflow/tfjs-backend-cpu";
import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { comparePasses, type PassCase } from "../fixtures/compare-passes.ts";
import { float, int } from "../kernels/cases/kernel-case.ts";
import { traceFunction } from "../trace-function.ts";
import { makeDeterministic } from "./index.ts";

const upTo = (size: number) => ({ low: 0, high: size });

async function check(passCase: PassCase): Promise<void> {
  const { before, after } = await comparePasses(passCase, makeDeterministic);
  expect(before.ScatterND).toBeGreaterThan(0);
  expect(after.ScatterND).toBeUndefined();
  expect(after.ScatterElements).toBe(before.ScatterND);
}

function scatter(indices: PassCase["inputs"][string], updates: PassCase["inputs"][string], shape: number[]) {
  return check({
    inputs: { indices, updates },
    run: (inputs) => tf.scatterND(inputs.indices!, inputs.updates!, shape),
  });
}

describe("sums of scattered values are added in order", () => {
  test("rows", () => scatter(int(["n", 1], upTo(4)), float(["n", 3]), [4, 3]));
  test("elements of a vector", () => scatter(int(["n"], upTo(4)), float(["n"]), [4]));
  test("elements of a matrix", () => scatter(int(["n", 2], upTo(3)), float(["n"]), [3, 4]));
  test("places by three indices, slices of two axes", () =>
    scatter(int(["n", 2, 3], upTo(2)), float(["n", 2, 3, 2]), [2, 3, 2, 3, 2]));
  test("int32", () => scatter(int(["n", 1], upTo(4)), int(["n", 2]), [4, 2]));
  test("no updates", () => scatter(int([0, 2], upTo(4)), float([0, 2]), [4, 5, 2]));

  test("symbolic sizes of the target", () =>
    check({
      inputs: { indices: int([6, 2], [0, 0, 0, 0]), updates: float([6]), like: int(["n"]) },
      run: ({ indices, updates, like }) => {
        const n = like!.shape[0]!;
        return tf.scatterND(indices!, updates!, [n, n]);
      },
    }));

  test("the gradient of a table", () =>
    check({
      inputs: { table: float([6, 2, 3]), ids: int(["n", 2], upTo(6)) },
      run: ({ table, ids }) => tf.grad((x) => tf.sum(tf.square(tf.gather(x, ids as tf.Tensor1D))))(table!),
    }));
});

test("values written, not added, stay as they are", async () => {
  const { after } = await comparePasses(
    {
      inputs: { table: float([6, 3]), ids: int([3, 1], [4, 0, 2]), rows: float([3, 3]) },
      run: ({ table, ids, rows }) => tf.tensorScatterUpdate(tf.neg(table!), ids!, rows!),
    },
    makeDeterministic,
  );
  expect(after.ScatterND).toBe(1);
});

test("no update gets lost on several threads", async () => {
  const model = traceFunction(({ ids, rows }) => tf.unsortedSegmentSum(rows!, ids as tf.Tensor1D, 7), {
    ids: { dtype: "int32", dims: ["n"] },
    rows: { dtype: "float32", dims: ["n", 16] },
  });
  const session = await InferenceSession.create(writeModel(model), { intraOpNumThreads: 4 });
  const count = 7 * 4000;
  const ids = new Tensor(
    "int32",
    Int32Array.from({ length: count }, (_, at) => at % 7),
    [count],
  );
  const rows = new Tensor("float32", new Float32Array(count * 16).fill(1), [count, 16]);
  const { output } = await session.run({ ids, rows });
  expect(new Set(output!.data as Float32Array)).toEqual(new Set([4000]));
  await session.release();
});
