import { createRankingEvaluation } from "@attune/metrics";
import { describe, expect, test } from "vitest";
import { chooseModel } from "./choose.ts";

/** One user per flag; the only relevant item is first in the list, or not in it. */
function contender(title: string, hits: readonly number[]) {
  const evaluation = createRankingEvaluation({
    itemCount: 3,
    trainCounts: Int32Array.of(3, 2, 1),
    cutoffs: [1],
  });
  hits.forEach((hit, user) => {
    evaluation.add(user, Int32Array.of(hit === 1 ? 0 : 1), Int32Array.of(0), { historyCount: 1 });
  });
  return { kind: title.toLowerCase(), title, evaluation: evaluation.result() };
}

/** 100 users, hits for the first `count` of them. */
const first = (title: string, count: number) =>
  contender(
    title,
    Array.from({ length: 100 }, (_, user) => (user < count ? 1 : 0)),
  );
const choose = (...contenders: ReturnType<typeof contender>[]) =>
  chooseModel(contenders, "ndcg@1", { samples: 500, seed: 1 });

describe("the choosing rule", () => {
  test("a clear lead over the best simpler model wins, and the sentence gives the interval", () => {
    const choice = choose(first("Simple", 20), first("Middle", 30), first("Complex", 60));
    expect(choice.kind).toBe("complex");
    expect(choice.reason).toMatch(
      /^Complex \(0\.6000\) leads Middle \(0\.3000\) in ndcg@1 .* by 0\.3000 \[0\.\d+, 0\.\d+\], which excludes zero\.$/,
    );
  });

  test("a lead whose interval includes zero loses to the simpler model", () => {
    const choice = choose(first("Simple", 20), first("Middle", 60), first("Complex", 61));
    expect(choice.kind).toBe("middle");
    expect(choice.reason).toContain("Complex (0.6100) leads Middle (0.6000)");
    expect(choice.reason).toContain("includes zero: the simpler one is taken. Middle (0.6000) leads Simple");
  });

  test("falls back to the simplest when no lead is clear", () => {
    const choice = choose(first("Simple", 50), first("Middle", 51), first("Complex", 52));
    expect(choice.kind).toBe("simple");
    expect(choice.reason).toContain("Simple is the simplest model.");
  });

  test("a more complex model with the same value never wins", () => {
    expect(choose(first("Simple", 50), first("Complex", 50)).kind).toBe("simple");
  });

  test("the simplest wins when it is best, and when it is alone", () => {
    expect(choose(first("Simple", 50), first("Complex", 10)).reason).toContain("highest ndcg@1");
    expect(choose(first("Simple", 50)).reason).toBe("Simple is the only model.");
  });
});
