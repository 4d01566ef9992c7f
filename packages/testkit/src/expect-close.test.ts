import { expect, test } from "vitest";
import { exact, expectClose } from "./expect-close.ts";
import { float32, int64, strings } from "./tensors.ts";

const loose = { atol: 0.01, rtol: 0, why: "a sum of two" };

test("equal tensors pass, NaN included", () => {
  expect(() => expectClose(float32([1, Number.NaN]), float32([1, Number.NaN]))).not.toThrow();
  expect(() => expectClose(float32([1.005]), float32([1]), loose)).not.toThrow();
  expect(() => expectClose(int64([2n]), int64([2n]))).not.toThrow();
});

test("the worst value is named with its index, both values and the reason", () => {
  expect(() => expectClose(float32([1, 5, 3]), float32([1, 2, 2.5]), loose)).toThrow(
    "worst at index 1: got 5, expected 2 (atol 0.01, rtol 0: a sum of two)",
  );
  expect(() => expectClose(strings(["a"]), strings(["b"]))).toThrow('got "a", expected "b"');
});

test.each([
  ["NaN against a number", float32([Number.NaN]), float32([1])],
  ["a number against NaN", float32([1]), float32([Number.NaN])],
  ["minus zero against zero", float32([-0]), float32([0.5])],
  ["bigints", int64([1n]), int64([2n])],
  ["dims", float32([1, 2], [1, 2]), float32([1, 2], [2, 1])],
  ["dtype", int64([1n]), float32([1])],
])("%s differ", (_, actual, expected) => {
  expect(() => expectClose(actual, expected, exact)).toThrow();
});
