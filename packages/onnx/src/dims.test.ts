import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { broadcastDims, dimProduct, dimSum, formatDims, unifyDims } from "./dims.ts";

const dim = fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.constantFrom("batch", "items"), fc.constant(undefined));
const dims = fc.array(dim, { maxLength: 4 });

describe("broadcastDims", () => {
  test.each([
    [["batch", 1], [3], ["batch", 3]],
    [
      ["batch", 3],
      ["batch", 1],
      ["batch", 3],
    ],
    [["batch"], ["items"], [undefined]],
    [["batch"], [4], [4]],
    [[undefined], [1], [undefined]],
    [[0], [1], [0]],
    [[], [2, 3], [2, 3]],
  ])("%j and %j give %j", (a, b, expected) => {
    expect(broadcastDims([a, b])).toEqual({ dims: expected });
    expect(broadcastDims([b, a])).toEqual({ dims: expected });
  });

  test("names the shapes that do not go together", () => {
    expect(broadcastDims([["batch", 2], [3]]).issue).toBe("shapes [batch, 2] and [3] do not broadcast");
  });

  test("unknown rank stays unknown", () => {
    expect(broadcastDims([[2], undefined])).toEqual({ dims: undefined });
  });

  test("is commutative, and a shape with itself is itself", () => {
    fc.assert(
      fc.property(dims, dims, (a, b) => {
        expect(broadcastDims([a, b]).dims).toEqual(broadcastDims([b, a]).dims);
        expect(broadcastDims([a, a]).dims).toEqual(a);
      }),
    );
  });
});

describe("unifyDims", () => {
  test("a size wins over a name, a name over nothing", () => {
    expect(unifyDims(["batch", undefined, 3], [2, "k", undefined]).dims).toEqual([2, "k", 3]);
  });

  test("sizes and ranks that differ are an issue", () => {
    expect(unifyDims([2], [3]).issue).toBe("[2] is not [3]");
    expect(unifyDims([2], [2, 1]).issue).toBe("[2] is not [2, 1]");
  });
});

test("products and sums keep a symbol only where it stands alone", () => {
  expect(dimProduct(["batch", 1])).toBe("batch");
  expect(dimProduct(["batch", 2])).toBeUndefined();
  expect(dimProduct([undefined, 0])).toBe(0);
  expect(dimProduct([2, 3])).toBe(6);
  expect(dimSum(["batch", 0])).toBe("batch");
  expect(dimSum(["batch", 1])).toBeUndefined();
  expect(dimSum([2, 3])).toBe(5);
});

test("prints what is known", () => {
  expect(formatDims(["batch", undefined, 3])).toBe("[batch, ?, 3]");
  expect(formatDims(undefined)).toBe("[…]");
});
