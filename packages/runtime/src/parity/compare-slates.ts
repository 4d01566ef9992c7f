/** A slate beside the trainer's. */
import type { Recommendation } from "@attune/contracts";
import type { GoldenRow } from "@attune/contracts/manifest";
import { type Comparison, comparePairs, failed } from "./comparison.ts";

/**
 * Each score is compared with the trainer's for the same item, if it lists that item, and with the trainer's at the same
 * rank: scores that differ by ε give order statistics that differ by at most ε, so a swap of near ties costs only their
 * difference, and a list in a wrong order costs what it got wrong. Another list length, `source` or `unknown`, an item
 * given twice, or a score that is not finite, counts as an infinite difference.
 */
export function compareSlates(answer: Recommendation, { expected }: GoldenRow<"recommend">): Comparison {
  if (answer.source !== expected.source) {
    return failed(`source ${answer.source}, expected ${expected.source}`);
  }
  if (answer.unknown !== expected.unknown) {
    return failed(`${answer.unknown} unknown ids, expected ${expected.unknown}`);
  }
  if (answer.ids.length !== expected.items.length) {
    return failed(`${answer.ids.length} items, expected ${expected.items.length}`);
  }
  if (new Set(answer.ids).size < answer.ids.length) return failed("an item is listed twice");
  const expectedScore = new Map(expected.items.map((id, rank) => [id, expected.scores[rank]!]));
  return comparePairs(
    answer.ids.flatMap((id, rank) => {
      const atRank = expected.scores[rank]!;
      const what = `the score of ${id} at rank ${rank + 1}`;
      const actual = answer.scores[rank];
      return [
        { actual, expected: expectedScore.get(id) ?? atRank, what },
        { actual, expected: atRank, what },
      ];
    }),
    answer.ids.every((id, rank) => id === expected.items[rank]),
  );
}
