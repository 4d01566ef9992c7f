import { createRandom } from "@attune/numeric";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRankingEvaluation, type EvaluationOptions } from "./evaluation.ts";
import { measureList } from "./list-metrics.ts";
import { topK } from "./top-k.ts";

const items = (...list: number[]) => Int32Array.from(list);
/** Items 0 and 1 hold 12 of 14 events: the head. Items 2, 3 and 4 are the tail; 4 was never seen. */
const small: EvaluationOptions = { itemCount: 5, trainCounts: items(8, 4, 1, 1, 0), cutoffs: [2] };
const argument = expect.objectContaining({ code: "METRICS_ARGUMENT" });

describe("createRankingEvaluation", () => {
  test("holds per user, in the order of adding, what measureList gives for the list alone", () => {
    const random = createRandom(3);
    const itemCount = 40;
    const evaluation = createRankingEvaluation({ itemCount, trainCounts: new Int32Array(itemCount).fill(2) });
    const lists = Array.from({ length: 25 }, (_, user) => ({
      user: 100 - user,
      ranked: topK(
        Float32Array.from({ length: itemCount }, () => random.uniform()),
        20,
      ),
      relevant: Int32Array.from({ length: 1 + random.integer(9) }, () => random.integer(itemCount + 1) - 1),
    }));
    for (const { user, ranked, relevant } of lists) evaluation.add(user, ranked, relevant);
    const { users, metrics } = evaluation.result();
    expect([...users]).toEqual(lists.map(({ user }) => user));
    lists.forEach(({ ranked, relevant }, row) => {
      const alone = measureList(ranked, relevant, { cutoffs: [5, 10, 20] })!;
      const here = Object.entries(metrics).map(([name, values]) => [name, values[row]]);
      expect(Object.fromEntries(here)).toEqual(alone);
    });
  });

  test("the order of users and the batches do not change a user's figures", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), (order) => {
        const add = (sequence: readonly number[]) => {
          const evaluation = createRankingEvaluation(small);
          for (const user of sequence) evaluation.add(user, items(user % 5, (user + 2) % 5), items(0, 2));
          return evaluation.result();
        };
        const sorted = add([0, 1, 2, 3, 4, 5]);
        const mixed = add(order);
        order.forEach((user, row) => {
          expect(mixed.metrics["ndcg@2"]![row]).toBe(sorted.metrics["ndcg@2"]![user]);
        });
        expect(mixed.catalogue).toEqual(sorted.catalogue);
      }),
    );
  });

  test("leaves out users for whom nothing is relevant, lists and all", () => {
    const evaluation = createRankingEvaluation(small);
    expect(evaluation.add(0, items(3, 4), items())).toBe(false);
    expect(evaluation.add(1, items(0, 1), items(0))).toBe(true);
    const result = evaluation.result();
    expect([...result.users]).toEqual([1]);
    expect(result.skippedCount).toBe(1);
    expect(result.catalogue["coverage@2"]).toBe(2 / 5);
  });

  test("counts items outside the catalogue as relevant, named −1 or given as a number", () => {
    const evaluation = createRankingEvaluation(small);
    evaluation.add(0, items(0, 1), items(0, -1));
    evaluation.add(1, items(0, 1), items(0), { unreachableCount: 1 });
    evaluation.add(2, items(0, 1), items(), { unreachableCount: 3 });
    const { metrics } = evaluation.result();
    expect([...metrics["recall@2"]!]).toEqual([0.5, 0.5, 0]);
  });

  test("splits users by history: none, up to the median of the others, more", () => {
    const evaluation = createRankingEvaluation(small);
    [0, 9, 3, 5, 0, 4].forEach((historyCount, user) => {
      evaluation.add(user, items(0, 1), items(user % 2), { historyCount });
    });
    // Histories 3, 4, 5, 9: the lower median is 4.
    const { lightMaxHistory, slices, historyCounts } = evaluation.result();
    expect(lightMaxHistory).toBe(4);
    expect([...historyCounts]).toEqual([0, 9, 3, 5, 0, 4]);
    expect([...slices["users:new"].rows]).toEqual([0, 4]);
    expect([...slices["users:light"].rows]).toEqual([2, 5]);
    expect([...slices["users:heavy"].rows]).toEqual([1, 3]);
    // Even users find theirs first, odd users second.
    expect([...slices["users:light"].metrics["mrr@2"]!]).toEqual([1, 1 / 2]);
  });

  test("takes a stated bound between light and heavy", () => {
    const evaluation = createRankingEvaluation({ ...small, lightMaxHistory: 10 });
    for (const user of [1, 2, 3]) evaluation.add(user, items(0), items(0), { historyCount: user * 5 });
    const { slices } = evaluation.result();
    expect(slices["users:new"].rows).toHaveLength(0);
    expect(slices["users:new"].metrics["ndcg@2"]).toHaveLength(0);
    expect(slices["users:light"].rows).toHaveLength(2);
    expect(slices["users:heavy"].rows).toHaveLength(1);
  });

  test("item slices count only what is relevant in the slice, and only users who have any there", () => {
    const evaluation = createRankingEvaluation(small);
    evaluation.add(0, items(2, 0), items(0, 1, 3));
    evaluation.add(1, items(2, 0), items(0));
    evaluation.add(2, items(4, 0), items(4, -1));
    const { slices, headItemCount } = evaluation.result();
    expect(headItemCount).toBe(2);
    const head = slices["items:head"];
    expect([...head.rows]).toEqual([0, 1]);
    // User 0: of 0 and 1 one is found, at rank 2. User 1: all, at rank 2.
    expect([...head.metrics["recall@2"]!]).toEqual([1 / 2, 1]);
    expect([...head.metrics["mrr@2"]!]).toEqual([1 / 2, 1 / 2]);
    const tail = slices["items:tail"];
    expect([...tail.rows]).toEqual([0, 2]);
    // User 0: item 3 is not found. User 2: item 4 is, the one outside the catalogue cannot be.
    expect([...tail.metrics["recall@2"]!]).toEqual([0, 1 / 2]);
  });

  test("head and tail hits add up to all hits", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(4), { maxLength: 5 }),
        fc.array(fc.integer({ min: -1, max: 4 }), { minLength: 1, maxLength: 8 }),
        (ranked, relevant) => {
          const evaluation = createRankingEvaluation({ ...small, cutoffs: [3] });
          evaluation.add(0, Int32Array.from(ranked), Int32Array.from(relevant));
          const { metrics, slices } = evaluation.result();
          const head = slices["items:head"].metrics["precision@3"]![0] ?? 0;
          const tail = slices["items:tail"].metrics["precision@3"]![0] ?? 0;
          expect(head + tail).toBeCloseTo(metrics["precision@3"]![0]!, 12);
        },
      ),
    );
  });
});

describe("refuses", () => {
  const evaluation = () => createRankingEvaluation(small);
  test.each([
    ["an empty evaluation", () => evaluation().result()],
    ["a ranked item outside the catalogue", () => evaluation().add(0, items(5), items(0))],
    ["−1 in a list", () => evaluation().add(0, items(-1), items(0))],
    ["a relevant item outside the catalogue", () => evaluation().add(0, items(0), items(5))],
    ["an item ranked twice", () => evaluation().add(0, items(1, 0, 1), items(0))],
    ["a negative user", () => evaluation().add(-1, items(0), items(0))],
    ["a broken history", () => evaluation().add(0, items(0), items(0), { historyCount: 0.5 })],
    ["a negative count", () => evaluation().add(0, items(0), items(0), { unreachableCount: -1 })],
    ["an empty catalogue", () => createRankingEvaluation({ itemCount: 0, trainCounts: items() })],
    ["a bound below 1", () => createRankingEvaluation({ ...small, lightMaxHistory: 0 })],
  ])("%s", (_, attempt) => {
    expect(attempt).toThrow(argument);
  });

  test("a user given twice, also when nothing was relevant for them", () => {
    const twice = evaluation();
    twice.add(0, items(0), items());
    expect(() => twice.add(0, items(0), items(0))).toThrow(argument);
  });

  test("counts of another catalogue", () => {
    const attempt = () => createRankingEvaluation({ itemCount: 4, trainCounts: items(1, 1) });
    expect(attempt).toThrow(expect.objectContaining({ code: "METRICS_SHAPE" }));
  });

  test("a list, without losing its place: the user may be added again", () => {
    const again = evaluation();
    expect(() => again.add(0, items(1, 1), items(0))).toThrow(argument);
    again.add(0, items(1, 0), items(0));
    expect([...again.result().metrics["mrr@2"]!]).toEqual([1 / 2]);
  });
});
