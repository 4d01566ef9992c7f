import { float32Tensor, int64Tensor } from "@attune/onnx";
import { describe, expect, test } from "vitest";
import { constantValue } from "../unify/constant.ts";
import { atOpset } from "./at-opset.ts";
import type { GraphNode, GraphValue } from "./graph.ts";

const data = constantValue(float32Tensor([1, 2, 3, 4, 5, 6], [2, 3]));
const axes = constantValue(int64Tensor([0, -1]));

function node(op: string, inputs: readonly (GraphValue | undefined)[]): GraphNode {
  const attributes = { keepdims: 1, noop_with_empty_axes: 0 };
  return { op, inputs, attributes, outputs: [], scope: "", kernel: op };
}

describe.each([17, 18, 19, 20, 21])("opset %i", (opset) => {
  test.each(["ReduceMax", "ReduceMin", "ReduceMean", "ReduceProd", "ReduceL2", "ReduceLogSumExp"])(
    "axes of %s are an attribute before 18, an input from then on",
    (op) => {
      const given = node(op, [data, axes]);
      const written = atOpset(given, opset);
      if (opset >= 18) expect(written).toBe(given);
      else expect(written).toEqual({ ...given, inputs: [data], attributes: { keepdims: 1, axes: [0, -1] } });
    },
  );

  test.each([
    ["ReduceSum, whose axes are an input since 13", node("ReduceSum", [data, axes])],
    ["a reduction of all axes", node("ReduceMax", [data])],
    ["an op that is no reduction", node("Add", [data, data])],
  ])("leaves %s", (_, given) => {
    expect(atOpset(given, opset)).toBe(given);
  });
});
