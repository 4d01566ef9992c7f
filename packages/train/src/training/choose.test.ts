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
  test("each clear lead takes the place, and the sentence gives the intervals", () => {
    const choice = choose(first("Simple", 20), first("Middle", 40), first("Complex", 60));
    expect(choice.kind).toBe("complex");
    expect(choice.reason).toMatch(
      /^Complex is released, ndcg@1 0\.6000 on .*: Middle beats Simple \(difference 0\.2000, 95 % interval 0\.\d+ to 0\.\d+\); Complex beats Middle \(.*\)\.$/,
    );
  });

  test("a lead whose interval includes zero does not take the place", () => {
    const choice = choose(first("Simple", 20), first("Middle", 60), first("Complex", 61));
    expect(choice.kind).toBe("middle");
    expect(choice.reason).toContain("Complex does not clearly beat Middle");
  });

  test("an unclear step in between does not stop a model that clearly beats the holder", () => {
    const choice = choose(first("Simple", 50), first("Middle", 51), first("Complex", 60));
    expect(choice.kind).toBe("complex");
    expect(choice.reason).toContain("Middle does not clearly beat Simple");
    expect(choice.reason).toContain("Complex beats Simple");
  });

  test("the simplest stays when no lead is clear", () => {
    expect(choose(first("Simple", 50), first("Middle", 51), first("Complex", 52)).kind).toBe("simple");
  });

  test("a more complex model with the same value, or a lower one, never wins", () => {
    expect(choose(first("Simple", 50), first("Complex", 50)).kind).toBe("simple");
    expect(choose(first("Simple", 50), first("Complex", 10)).kind).toBe("simple");
  });

  test("a model alone is released", () => {
    expect(choose(first("Simple", 50)).reason).toBe("Simple is the only model.");
  });
});
