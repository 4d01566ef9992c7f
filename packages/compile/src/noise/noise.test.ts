import { createRandom } from "@attune/numeric";
import { describe, expect, test } from "vitest";
import { fillNoise } from "./fill.ts";
import { createNoiseSource } from "./noise-source.ts";

const count = 100_000;
const fill = (kind: "uniform" | "normal", seed = 1) => {
  const data = new Float32Array(count);
  fillNoise(data, kind, createRandom(seed));
  return data;
};
const mean = (data: Float32Array) => data.reduce((sum, value) => sum + value, 0) / data.length;
const variance = (data: Float32Array) => {
  const centre = mean(data);
  return data.reduce((sum, value) => sum + (value - centre) ** 2, 0) / data.length;
};

describe("noise", () => {
  // Five standard errors of the figures over 100,000 numbers.
  test("uniform: in [0, 1), mean 1/2, variance 1/12", () => {
    const data = fill("uniform");
    expect(data.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(mean(data) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(variance(data) - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / count));
  });

  test("normal: finite, mean 0, variance 1, a third beyond one deviation", () => {
    const data = fill("normal");
    expect(data.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean(data))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(variance(data) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    const beyond = data.filter((value) => Math.abs(value) > 1).length / count;
    expect(beyond).toBeCloseTo(0.3173, 2);
  });

  test("neighbours are not alike", () => {
    const data = fill("uniform");
    const product = data.slice(1).map((value, at) => (value - 0.5) * (data[at]! - 0.5));
    expect(Math.abs(mean(product))).toBeLessThan(5 / 12 / Math.sqrt(count));
  });

  test("hangs on seed, step and draw, and on nothing else", () => {
    const draw = (seed: number, step: number, index: number, length = 8) => {
      const data = new Float32Array(length);
      createNoiseSource(seed).fill(data, "uniform", step, index);
      return Array.from(data);
    };
    expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3));
    expect(draw(1, 2, 3, 16).slice(0, 8)).toEqual(draw(1, 2, 3));
    const all = [draw(1, 2, 3), draw(2, 2, 3), draw(1, 3, 3), draw(1, 2, 4), draw(1, 23, 0), draw(1, 2, 30)];
    expect(new Set(all.map(String)).size).toBe(all.length);
  });
});
