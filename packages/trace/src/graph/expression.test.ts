import { describe, expect, test } from "vitest";
import {
  constantExpression,
  constantOf,
  expressionKey,
  isUnknown,
  solveExpression,
  symbolOf,
  unknownExpression,
} from "./expression.ts";

const one = [{ n: 11 }, { n: 26 }, { n: 13 }];
const two = [
  { n: 11, m: 17 },
  { n: 26, m: 38 },
  { n: 13, m: 19 },
];

/** The formula as text: the key of what was found. */
function solve(values: readonly number[], sizes: readonly Record<string, number>[] = one, isWhole = true) {
  const found = solveExpression(values, sizes, isWhole);
  return found && expressionKey(found);
}

describe("whole numbers", () => {
  test.each([
    ["a constant", [4, 4, 4], "0*+4"],
    ["a symbol", [11, 26, 13], "1*n+0"],
    ["a multiple", [22, 52, 26], "2*n+0"],
    ["a multiple below zero", [-11, -26, -13], "-1*n+0"],
    ["a symbol and an offset", [12, 27, 14], "1*n+1"],
    ["an offset below zero", [10, 25, 12], "1*n+-1"],
    ["a constant less a symbol", [-8, -23, -10], "-1*n+3"],
    ["a square", [121, 676, 169], "1*n*n+0"],
    ["a square and an offset", [122, 677, 170], "1*n*n+1"],
    ["a cube", [1331, 17576, 2197], "1*n*n*n+0"],
  ])("%s", (_, values, key) => {
    expect(solve(values)).toBe(key);
  });

  test.each([
    ["the half of a size that is not always even, rounded up", [6, 13, 7]],
    ["and rounded down", [5, 13, 6]],
    ["n · (n + 2)", [143, 728, 195]],
    ["a slope that is not whole", [6.5, 14, 7.5]],
    ["two sizes alike, and a third that is not", [11, 26, 12]],
  ])("no formula: %s", (_, values) => {
    expect(solve(values)).toBeUndefined();
  });

  test("a half, where all sizes are even", () => {
    expect(solve([6, 8, 10], [{ n: 12 }, { n: 16 }, { n: 20 }])).toBe("0.5*n+0");
  });

  test("of two symbols: each, their product, and a multiple of it", () => {
    expect(solve([17, 38, 19], two)).toBe("1*m+0");
    expect(solve([187, 988, 247], two)).toBe("1*m*n+0");
    expect(solve([374, 1976, 494], two)).toBe("2*m*n+0");
  });

  test("a sum of two symbols is none of the forms", () => {
    expect(solve([28, 64, 32], two)).toBeUndefined();
  });
});

describe("float numbers", () => {
  const asFloats = (values: readonly number[]) => values.map(Math.fround);

  test("an inverse, to float32 rounding, with a round coefficient", () => {
    expect(solve(asFloats([1 / 11, 1 / 26, 1 / 13]), one, false)).toBe("1/n+0");
    expect(solve(asFloats([0.3 / 11, 0.3 / 26, 0.3 / 13]), one, false)).toBe("0.3/n+0");
    expect(solve(asFloats([2 / 187, 2 / 988, 2 / 247]), two, false)).toBe("2/m*n+0");
  });

  test("a multiple whose coefficient float32 has rounded", () => {
    expect(solve(asFloats([1.1, 2.6, 1.3]), one, false)).toBe("0.1*n+0");
  });

  test("an inverse is no whole number", () => {
    expect(solve([1 / 11, 1 / 26, 1 / 13])).toBeUndefined();
  });

  test("the inverse of a sum is none of the forms", () => {
    expect(solve(asFloats([1 / 13, 1 / 28, 1 / 15]), one, false)).toBeUndefined();
  });

  test("numbers that are equal but for the sign of zero, or are no numbers", () => {
    expect(solve([0, -0, 0], one, false)).not.toBe(expressionKey(constantExpression(0)));
    const nan = solveExpression([Number.NaN, Number.NaN, Number.NaN], one, false);
    expect(nan && constantOf(nan)).toBeNaN();
    expect(solve([Number.NaN, 1, 2], one, false)).toBeUndefined();
  });
});

test("keys are equal for equal expressions, and no others", () => {
  const multiple = { coefficient: 2, symbols: ["n"], offset: 0, isInverse: false };
  const others = [
    constantExpression(2),
    multiple,
    { ...multiple, offset: 1 },
    { ...multiple, isInverse: true },
    { ...multiple, symbols: ["m"] },
    { ...multiple, symbols: ["n", "n"] },
    unknownExpression("0"),
    unknownExpression("1"),
  ];
  expect(new Set(others.map(expressionKey)).size).toBe(others.length);
  expect(expressionKey({ ...multiple })).toBe(expressionKey(multiple));
});

test("what an expression is: a number, a symbol, or a size without a formula", () => {
  const symbol = { coefficient: 1, symbols: ["n"], offset: 0, isInverse: false };
  expect([constantOf(constantExpression(7)), symbolOf(constantExpression(7))]).toEqual([7, undefined]);
  expect([constantOf(symbol), symbolOf(symbol), isUnknown(symbol)]).toEqual([undefined, "n", false]);
  for (const change of [{ coefficient: 2 }, { offset: 1 }, { isInverse: true }, { symbols: ["n", "n"] }]) {
    expect(symbolOf({ ...symbol, ...change })).toBeUndefined();
  }
  expect(isUnknown(unknownExpression("3"))).toBe(true);
  expect(symbolOf(unknownExpression("3"))).toBe("?3");
});
