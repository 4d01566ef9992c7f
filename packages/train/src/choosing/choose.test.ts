import { describe, expect, test } from "vitest";
import { type Contender, chooseModel } from "./choose.ts";

const metric = { name: "hit", better: "higher" } as const;

function contender(title: string, values: readonly number[]): Contender {
  const units = Int32Array.from(values.keys());
  const perUnit = { hit: Float64Array.from(values) };
  return { kind: title.toLowerCase(), title, evaluation: { units, perUnit, statistics: {}, slices: {} } };
}

/** 100 units, hits for the first `count` of them. */
const first = (title: string, count: number) =>
  contender(
    title,
    Array.from({ length: 100 }, (_, unit) => (unit < count ? 1 : 0)),
  );
const choose = (...contenders: Contender[]) => chooseModel(contenders, metric, { samples: 1000, seed: 1 });

describe("the choosing rule", () => {
  test("each clear lead takes the place, and the sentence gives the intervals", () => {
    const choice = choose(first("Simple", 20), first("Middle", 40), first("Complex", 60));
    expect(choice.kind).toBe("complex");
    expect(choice.reason).toMatch(
      /^Complex is released, hit 0\.6000 on .*: Middle beats Simple \(lead 0\.2000, 97\.5 % interval 0\.\d+ to 0\.\d+\); Complex beats Middle \(lead .*, 95 % interval .*\)\.$/,
    );
  });

  test("a lead whose interval includes zero does not take the place", () => {
    const choice = choose(first("Simple", 20), first("Middle", 60), first("Complex", 61));
    expect(choice.kind).toBe("middle");
    expect(choice.reason).toContain("Complex does not clearly beat Middle");
  });

  test("an unclear step in between does not stop a model that clearly beats the holder", () => {
    const choice = choose(first("Simple", 50), first("Middle", 51), first("Complex", 65));
    expect(choice.kind).toBe("complex");
    expect(choice.challenges.map(({ holder }) => holder)).toEqual(["simple", "simple"]);
  });

  test("the simplest stays when no lead is clear", () => {
    expect(choose(first("Simple", 50), first("Middle", 51), first("Complex", 52)).kind).toBe("simple");
  });

  test("a more complex model with the same value, or a lower one, never wins", () => {
    expect(choose(first("Simple", 50), first("Complex", 50)).kind).toBe("simple");
    expect(choose(first("Simple", 50), first("Complex", 10)).kind).toBe("simple");
  });

  test("a metric of which less is better is read that way", () => {
    const lower = { name: "hit", better: "lower" } as const;
    const options = { samples: 1000, seed: 1 };
    expect(chooseModel([first("Simple", 50), first("Complex", 10)], lower, options).kind).toBe("complex");
    expect(chooseModel([first("Simple", 10), first("Complex", 50)], lower, options).kind).toBe("simple");
  });

  test("a model alone is released", () => {
    expect(choose(first("Simple", 50)).reason).toBe("Simple is the only model.");
  });

  test("many challengers make a lead harder: what wins alone does not win among ten", () => {
    // 5 units more out of 100: at 95 % just above zero, not at 99.5 %.
    const lead = first("Lead", 55);
    expect(choose(first("Simple", 50), lead).kind).toBe("lead");
    const rest = Array.from({ length: 9 }, (_, at) => first(`Same${at}`, 50));
    expect(choose(first("Simple", 50), lead, ...rest).kind).toBe("simple");
  });

  test("p-values are Holm's: multiplied by the challengers that are left to test", () => {
    const { challenges } = choose(first("Simple", 20), first("Middle", 60), first("Complex", 61));
    const [middle, complex] = challenges;
    expect(middle!.adjustedP).toBeCloseTo(2 / 1001, 10);
    expect(complex!.adjustedP).toBeGreaterThan(0.025);
    expect(complex!.lead.interval!.level).toBeCloseTo(0.95, 12);
  });
});
