import fc from "fast-check";
import { expect, test } from "vitest";
import { flattenData } from "./flatten.ts";
import { countElements, matchDims, readShape, type Sizes, wireDims } from "./shape.ts";

test.each([
  ["2^64", [2 ** 64]],
  ["2^53", [2 ** 53]],
  ["negative", [1, -1]],
  ["a fraction", [1.5]],
  ["a text", ["1"]],
  ["null", [null]],
  ["nine dims", new Array(9).fill(1)],
  ["no list", 3],
  ["nothing", undefined],
])("a shape with %s is refused", (_, value) => {
  const issues: string[] = [];
  expect(readShape(value, "shape", issues)).toBeUndefined();
  expect(issues).toHaveLength(1);
});

test("the product of sizes is exact or undefined, and 0 wins over everything", () => {
  expect(countElements([])).toBe(1);
  expect(countElements([3, 4])).toBe(12);
  expect(countElements([2 ** 30, 2 ** 30])).toBeUndefined();
  expect(countElements([2 ** 30, 2 ** 30, 0])).toBe(0);
  const size = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(fc.array(size, { maxLength: 8 }), (shape) => {
      const exact = shape.reduce((product, one) => product * BigInt(one), 1n);
      const isSafe = exact <= BigInt(Number.MAX_SAFE_INTEGER);
      expect(countElements(shape)).toBe(isSafe ? Number(exact) : undefined);
    }),
    { seed: 10 },
  );
});

test("a symbol has one size in a request", () => {
  const sizes: Sizes = new Map();
  const issues: string[] = [];
  const match = (name: string, shape: readonly number[]) =>
    matchDims(shape, { name, dims: ["batch", "length", 1], path: `${name}.shape` }, sizes, issues);
  expect(match("history", [2, 3, 1])).toBe(true);
  expect(match("history_weight", [2, 3, 1])).toBe(true);
  expect(match("history_time", [2, 4, 1])).toBe(false);
  expect(match("age", [2, 3, 2])).toBe(false);
  expect(match("note", [2, 3])).toBe(false);
  expect(issues).toEqual([
    "history_time.shape[1]: length is 3 in history, and 4 here",
    "age.shape: expected [batch, length, 1], got [2, 3, 2]",
    "note.shape: expected [batch, length, 1], got [2, 3]",
  ]);
  expect(wireDims(["batch", 3, undefined])).toEqual([-1, 3, -1]);
});

/** Nested as the shape says. */
function nest(elements: readonly unknown[], shape: readonly number[]): unknown[] {
  const [size = 0, ...rest] = shape;
  if (rest.length === 0) return [...elements];
  const width = rest.reduce((product, dim) => product * dim, 1);
  return Array.from({ length: size }, (_, index) =>
    nest(elements.slice(index * width, (index + 1) * width), rest),
  );
}

test("nested data and flat data are the same elements in the same order", () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(shapes, (shape) => {
      const count = countElements(shape)!;
      const elements = Array.from({ length: count }, (_, index) => index);
      const issues: string[] = [];
      expect(flattenData(elements, shape, count, "data", issues)).toEqual(elements);
      expect(flattenData(nest(elements, shape), shape, count, "data", issues)).toEqual(elements);
      expect(issues).toEqual([]);
    }),
    { seed: 10 },
  );
});

test.each([
  ["too few", [1, 2, 3]],
  ["too many", [1, 2, 3, 4, 5]],
  ["rows of other lengths", [[1, 2, 3], [4]]],
  [
    "deeper than the shape",
    [
      [[1], [2]],
      [[3], [4]],
    ],
  ],
  ["flat and nested", [[1, 2], 3, 4]],
  ["nested by another shape", [[1], [2], [3], [4]]],
  ["an object", { length: 4 }],
  ["a text", "1234"],
  ["nothing", undefined],
])("data that is %s is refused", (_, data) => {
  const issues: string[] = [];
  expect(flattenData(data, [2, 2], 4, "data", issues)).toBeUndefined();
  expect(issues).toHaveLength(1);
});

test("a hundred thousand brackets cost no stack", () => {
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`) as unknown;
  const issues: string[] = [];
  expect(flattenData(deep, [1, 1], 1, "data", issues)).toBeUndefined();
  expect(issues).toHaveLength(1);
});
