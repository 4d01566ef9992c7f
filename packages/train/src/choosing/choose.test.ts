import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Contender, chooseModel } from "./choose.ts";

const metric = { name: "hit", better: "higher" } as const;

function contender(title: string, values: readonly number[]): Contender {
  const units = Int32Array.from(values.keys());
  const perUnit = { hit: Float64Array.from(values) };
  return {
    kind: title.toLowerCase(),
    title,
    evaluation: { units, perUnit, statistics: () => ({}), slices: {} },
  };
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
    // 6 units more out of 100: flips lead as much once in 64, which is enough for one challenger and not for ten.
    const lead = first("Lead", 56);
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

  test("what wins has a Holm p-value below the error and an interval above zero, also with few resamples", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 40, max: 70 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(100, 1000),
        fc.nat(99),
        (counts, samples, seed) => {
          const contenders = [first("Simple", 50), ...counts.map((count, at) => first(`Model${at}`, count))];
          const { challenges } = chooseModel(contenders, metric, { samples, seed });
          for (const { won, adjustedP, lead } of challenges) {
            if (won) expect(adjustedP).toBeLessThanOrEqual(0.025);
            if (won) expect(lead.interval!.lower).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 20 },
    );
    const clear = chooseModel([first("A", 10), first("B", 90), first("C", 90), first("D", 90)], metric, {
      samples: 100,
      seed: 1,
    });
    expect(clear.kind).toBe("b");
  });

  test.each([1, 2, 3])("%i units choose nothing, whatever the lead", (count) => {
    const few = (title: string, value: number) =>
      contender(
        title,
        Array.from({ length: count }, () => value),
      );
    const choice = choose(few("Simple", 0), few("Middle", 0.5), few("Complex", 1));
    expect(choice.kind).toBe("simple");
    if (count === 1) expect(choice.reason).toContain("on a single unit, which tells nothing");
  });
});
