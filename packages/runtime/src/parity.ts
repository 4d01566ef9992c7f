/** How far a runtime is from the trainer, measured on an artifact's golden rows. Runs wherever a `Session` runs. */
import { AttuneError, type Recommendation, type RuntimeInfo, type Session } from "@attune/contracts";
import type { GoldenFile, GoldenRow, ParityResult } from "@attune/contracts/manifest";
import { decodeBatch, encodeBatch, type GraphRow } from "./request/encode-batch.ts";

/** A parity result and where the largest difference was. */
export type MeasuredParity = ParityResult & {
  /** The worst golden row in words, for people; `"none"` without rows. */
  readonly worst: string;
  /** Largest difference divided by the trainer's score where that is above 1: what `assertParity` holds to. */
  readonly maxScaled: number;
};

/**
 * Scores of the runtimes and the trainer may differ by this much: float32 sums in another order. Above 1 it is relative,
 * since float32 itself is.
 */
export const parityTolerance = 1e-5;

const batchSize = 32;

/**
 * Runs the golden rows through the raw graph, one by one and again in batches, and compares with the trainer.
 *
 * Each score is compared with the trainer's for the same item, if it lists that item, and with the trainer's at the same
 * rank: scores that differ by ε give order statistics that differ by at most ε, so a swap of near ties costs only their
 * difference, and a list in a wrong order costs what it got wrong. Another list length, `source` or `unknown`, an item
 * given twice, or a score that is not finite, counts as an infinite difference.
 *
 * @param runtime - what to write in the result; default the session's own.
 * @throws {AttuneError} `RUNTIME_RUN` or `RUNTIME_CLOSED` from the session.
 */
export async function measureParity(
  session: Session,
  golden: GoldenFile,
  runtime: RuntimeInfo = session.runtime,
): Promise<MeasuredParity> {
  const sameIds = golden.rows.map(() => true);
  let maxAbs = 0;
  let maxScaled = 0;
  let worst = "none";
  const compare = (indexes: readonly number[], answers: readonly Recommendation[], how: string) => {
    answers.forEach((answer, position) => {
      const index = indexes[position]!;
      const row = golden.rows[index]!;
      const { difference, scaled, where } = compareAnswer(answer, row);
      maxScaled = Math.max(maxScaled, scaled);
      if (!hasSameIds(answer, row)) sameIds[index] = false;
      if (difference > maxAbs || worst === "none") {
        maxAbs = Math.max(maxAbs, difference);
        worst = `"${row.name}" (row ${index}, ${how}): ${where}`;
      }
    });
  };
  for (const batch of [1, batchSize]) {
    for (let start = 0; start < golden.rows.length; start += batch) {
      const rows = golden.rows.slice(start, start + batch);
      const graphRows = rows.map(toGraphRow);
      const answers = decodeBatch(graphRows, await session.run(encodeBatch(graphRows)));
      const indexes = rows.map((_, position) => start + position);
      compare(indexes, answers, batch === 1 ? "alone" : `in a batch of ${rows.length}`);
    }
  }
  const same = sameIds.filter(Boolean).length;
  return {
    runtime: runtime.name,
    version: runtime.version,
    rows: golden.rows.length,
    maxAbs,
    sameTopK: golden.rows.length === 0 ? 1 : same / golden.rows.length,
    maxScaled,
    worst,
  };
}

/**
 * Refuses a runtime that is further from the trainer than `tolerance` (default 1e-5; relative for scores above 1).
 * Lists in another order pass when the scores agree: then only near ties changed places.
 *
 * @throws {AttuneError} `VERIFY_MISMATCH`, also when there was no row to measure.
 */
export function assertParity(result: MeasuredParity, tolerance: number = parityTolerance): void {
  const { runtime, maxAbs, maxScaled, sameTopK, worst, rows } = result;
  if (rows > 0 && maxScaled <= tolerance) return;
  throw new AttuneError("VERIFY_MISMATCH", { runtime, maxAbs, sameTopK, tolerance, worst });
}

function toGraphRow({ history, weights, exclude, k }: GoldenRow): GraphRow {
  return { ids: history, weights, exclude, k };
}

function hasSameIds(answer: Recommendation, { expected }: GoldenRow): boolean {
  return (
    answer.ids.length === expected.items.length && answer.ids.every((id, rank) => id === expected.items[rank])
  );
}

interface Comparison {
  readonly difference: number;
  /** `difference` over the trainer's score where that is above 1. */
  readonly scaled: number;
  readonly where: string;
}

function compareAnswer(answer: Recommendation, { expected }: GoldenRow): Comparison {
  const fail = (where: string): Comparison => ({ difference: Infinity, scaled: Infinity, where });
  if (answer.source !== expected.source) return fail(`source ${answer.source}, expected ${expected.source}`);
  if (answer.unknown !== expected.unknown) {
    return fail(`${answer.unknown} unknown ids, expected ${expected.unknown}`);
  }
  if (answer.ids.length !== expected.items.length) {
    return fail(`${answer.ids.length} items, expected ${expected.items.length}`);
  }
  if (new Set(answer.ids).size < answer.ids.length) return fail("an item is listed twice");
  const expectedScore = new Map(expected.items.map((id, rank) => [id, expected.scores[rank]!]));
  let worst: Comparison = { difference: 0, scaled: 0, where: "no difference" };
  let scaled = 0;
  for (const [rank, id] of answer.ids.entries()) {
    const atRank = expected.scores[rank]!;
    const score = answer.scores[rank]!;
    for (const reference of [expectedScore.get(id) ?? atRank, atRank]) {
      const difference = Math.abs(score - reference);
      const where = `item ${id} at rank ${rank + 1} scores ${score}, expected ${reference}`;
      if (Number.isNaN(difference)) return fail(where);
      scaled = Math.max(scaled, difference / Math.max(1, Math.abs(reference)));
      if (difference > worst.difference) worst = { difference, scaled, where };
    }
  }
  return { ...worst, scaled };
}
