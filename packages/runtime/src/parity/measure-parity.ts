/** How far a runtime is from the trainer, measured on an artifact's golden rows. Runs wherever a `Session` runs. */
import { AttuneError, type RuntimeInfo, type Session } from "@attune/contracts";
import type { GoldenFile, ParityResult } from "@attune/contracts/manifest";
import { createGoldenRunner } from "./golden-runner.ts";
import { parityTolerance } from "./tolerance.ts";

/** A parity result and where the largest difference was. */
export type MeasuredParity = ParityResult & {
  /** The worst golden row in words, for people; `"none"` without rows. */
  readonly worst: string;
  /** Largest difference divided by the trainer's number where that is above 1: what `assertParity` holds to. */
  readonly maxScaled: number;
};

const batchSize = 32;

/**
 * Runs the golden rows through the raw graph, one by one and again in batches, and compares with the trainer: slates as
 * in `compareSlates`, rows of columns as in `comparePredictions`.
 *
 * @param runtime - what to write in the result; default the session's own.
 * @throws {AttuneError} `RUNTIME_RUN` or `RUNTIME_CLOSED` from the session.
 */
export async function measureParity(
  session: Session,
  golden: GoldenFile,
  runtime: RuntimeInfo = session.runtime,
): Promise<MeasuredParity> {
  const run = createGoldenRunner(session, golden);
  const rowCount = golden.rows.length;
  const isSame = golden.rows.map(() => true);
  let maxAbs = 0;
  let maxScaled = 0;
  let worst = "none";
  for (const size of [1, batchSize]) {
    for (let start = 0; start < rowCount; start += size) {
      const end = Math.min(start + size, rowCount);
      const how = size === 1 ? "alone" : `in a batch of ${end - start}`;
      for (const [position, comparison] of (await run(start, end)).entries()) {
        const row = start + position;
        maxScaled = Math.max(maxScaled, comparison.scaled);
        if (!comparison.same) isSame[row] = false;
        if (comparison.difference > maxAbs || worst === "none") {
          maxAbs = Math.max(maxAbs, comparison.difference);
          worst = `"${golden.rows[row]!.name}" (row ${row}, ${how}): ${comparison.where}`;
        }
      }
    }
  }
  return {
    runtime: runtime.name,
    version: runtime.version,
    rows: rowCount,
    maxAbs,
    sameAnswer: rowCount === 0 ? 1 : isSame.filter(Boolean).length / rowCount,
    maxScaled,
    worst,
  };
}

/**
 * Refuses a runtime that is further from the trainer than `tolerance` (default 1e-5; relative for numbers above 1).
 * Answers in another order pass when the numbers agree: then only near ties changed places.
 *
 * @throws {AttuneError} `VERIFY_MISMATCH`, also when there was no row to measure.
 */
export function assertParity(result: MeasuredParity, tolerance: number = parityTolerance): void {
  const { runtime, maxAbs, maxScaled, sameAnswer, worst, rows } = result;
  if (rows > 0 && maxScaled <= tolerance) return;
  throw new AttuneError("VERIFY_MISMATCH", { runtime, maxAbs, sameAnswer, tolerance, worst });
}
