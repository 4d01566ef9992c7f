import { writeModel } from "@attune/onnx";
import * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, test } from "vitest";
import { traceFunction } from "../trace-function.ts";

// tfjs-backend-cpu reads the wrong places here, and so the cases of the kernel list cannot show it.
test("an axis of one index beside an axis with a step", async () => {
  const model = traceFunction(
    // x[::2, 1]
    ({ x }) => tf.stridedSlice(x!, [0, 1], [0, 0], [2, 1], 1, 1, 0, 0, 2),
    { x: { dtype: "float32", dims: ["n", 3] } },
  );
  const session = await InferenceSession.create(writeModel(model));
  const x = new Tensor(
    "float32",
    Float32Array.from({ length: 15 }, (_, at) => at),
    [5, 3],
  );
  const { output } = await session.run({ x });
  expect(Array.from(output!.data as Float32Array)).toEqual([1, 7, 13]);
});
