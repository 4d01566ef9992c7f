import { expect, test } from "vitest";
import { slopes } from "./memory.ts";

const sample = (heldBytes: number, residentBytes: number) => ({ heldBytes, residentBytes });

test("a leak of so many bytes a step is the slope", () => {
  const samples = [0, 1, 2, 3].map((at) => sample(5000 + 200 * at, 90_000));
  expect(slopes(samples, 20)).toEqual({ heldBytesPerStep: 10, residentBytesPerStep: 0 });
});

test("one jump back and forth is no leak", () => {
  const samples = [sample(8, 100), sample(8, 100), sample(8, 900), sample(8, 100), sample(8, 100)];
  expect(slopes(samples, 1)).toEqual({ heldBytesPerStep: 0, residentBytesPerStep: 0 });
});
