/** Comparison of tensors that says where, by how much and why the tolerance is what it is. Throws plain errors, so it also runs in a page. */
import type { Tensor } from "@attune/contracts";

/** `|actual − expected| ≤ atol + rtol · |expected|`, and the reason for these numbers. */
export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
  readonly why: string;
}

/** For values that must come back as they went in. */
export const exact: Tolerance = { atol: 0, rtol: 0, why: "copied, not computed" };

/**
 * Compares dims, then dtype, then values. NaN equals NaN.
 *
 * @throws {Error} with the worst index, both values and the tolerance's `why`.
 */
export function expectClose(actual: Tensor, expected: Tensor, tolerance: Tolerance = exact): void {
  expectSame(`[${actual.dims.join(", ")}]`, `[${expected.dims.join(", ")}]`, "dims");
  expectSame(actual.dtype, expected.dtype, "dtype");
  expectSame(actual.data.length, expected.data.length, "length of the data");
  let worstIndex = -1;
  let worstExcess = 0;
  for (let index = 0; index < expected.data.length; index++) {
    const excess = excessOf(actual.data[index], expected.data[index], tolerance);
    if (excess > worstExcess) {
      worstExcess = excess;
      worstIndex = index;
    }
  }
  if (worstIndex < 0) return;
  const show = ({ data }: Tensor) =>
    typeof data[worstIndex] === "string" ? JSON.stringify(data[worstIndex]) : String(data[worstIndex]);
  throw new Error(
    `worst at index ${worstIndex}: got ${show(actual)}, expected ${show(expected)} ` +
      `(atol ${tolerance.atol}, rtol ${tolerance.rtol}: ${tolerance.why})`,
  );
}

/** @throws {Error} naming `what` when the two differ by `Object.is`. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (!Object.is(actual, expected)) {
    throw new Error(`${what}: got ${String(actual)}, expected ${String(expected)}`);
  }
}

/** How far beyond the tolerance a value is; 0 when within. */
function excessOf(actual: unknown, expected: unknown, { atol, rtol }: Tolerance): number {
  if (Object.is(actual, expected)) return 0;
  if (typeof actual !== "number" || typeof expected !== "number") return Number.POSITIVE_INFINITY;
  const excess = Math.abs(actual - expected) - atol - rtol * Math.abs(expected);
  return Number.isNaN(excess) ? Number.POSITIVE_INFINITY : Math.max(0, excess);
}
