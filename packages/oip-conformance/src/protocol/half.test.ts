import { expect, test } from "vitest";
import { readHalf, writeHalf } from "./half.ts";

test("every half that is a number comes back from its value", () => {
  const all = Array.from({ length: 0x10000 }, (_, bits) => bits);
  const wrong = all.filter((bits) => !Number.isNaN(readHalf(bits)) && writeHalf(readHalf(bits)) !== bits);
  expect(wrong).toEqual([]);
});

test.each([
  ["one", 1, 0x3c00],
  ["minus two", -2, 0xc000],
  ["the largest", 65_504, 0x7bff],
  ["past the largest", 70_000, 0x7c00],
  ["half way to the next is even", 1 + 2 ** -11, 0x3c00],
  ["the smallest", 2 ** -24, 0x0001],
  ["below half of the smallest", 2 ** -26, 0x0000],
  ["not a number", Number.NaN, 0x7e00],
])("%s", (_, value, bits) => {
  expect(writeHalf(value)).toBe(bits);
});
