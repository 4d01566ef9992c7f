import { expect, test } from "vitest";
import { createRandom } from "../random.ts";
import { countInversePauses, invertPositiveDefinite } from "./invert.ts";

const options = { pause: async () => {} };

/** B Bᵀ + I, with B `[n, 5]`. */
function positiveDefinite(n: number): Float64Array {
  const random = createRandom(n);
  const factors = Float64Array.from({ length: n * 5 }, () => random.uniform() - 0.5);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = i === j ? 1 : 0;
      for (let k = 0; k < 5; k++) sum += factors[i * 5 + k]! * factors[j * 5 + k]!;
      matrix[i * n + j] = sum;
    }
  }
  return matrix;
}

test.each([1, 2, 5, 63, 64, 65, 67, 128, 130, 201])(
  "matrix times inverse is the identity, n = %i",
  async (n) => {
    const matrix = positiveDefinite(n);
    const inverse = matrix.slice();
    await invertPositiveDefinite(inverse, n, options);

    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = i === j ? -1 : 0;
        for (let k = 0; k < n; k++) sum += matrix[i * n + k]! * inverse[k * n + j]!;
        worst = Math.max(worst, Math.abs(sum));
      }
    }
    expect(worst).toBeLessThan(1e-12);
  },
);

test("reads only the lower triangle and writes both", async () => {
  const matrix = positiveDefinite(70);
  const whole = matrix.slice();
  await invertPositiveDefinite(whole, 70, options);
  for (let i = 0; i < 70; i++) matrix.fill(Number.NaN, i * 70 + i + 1, (i + 1) * 70);
  await invertPositiveDefinite(matrix, 70, options);
  expect(matrix).toEqual(whole);
});

test("refuses a matrix that is not positive definite, and says where", async () => {
  const inverting = invertPositiveDefinite(Float64Array.of(1, 2, 2, 1), 2, options);
  await expect(inverting).rejects.toMatchObject({
    code: "NUMERIC_NOT_POSITIVE_DEFINITE",
    details: { row: 1 },
  });
});

test.each([1, 64, 65, 200])("pauses as often as it says, n = %i", async (n) => {
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
  };
  await invertPositiveDefinite(positiveDefinite(n), n, { pause });
  expect(pauses).toBe(countInversePauses(n));
});
