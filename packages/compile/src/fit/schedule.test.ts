import { describe, expect, test } from "vitest";
import { checkSchedule, learningRateAt, type Schedule } from "./schedule.ts";

const rates = (schedule: Schedule, steps: readonly number[]) =>
  steps.map((step) => learningRateAt(schedule, step, 0.8));

describe("learning rates", () => {
  test.each<[Schedule, number[], number[]]>([
    [{ kind: "constant" }, [0, 100], [0.8, 0.8]],
    [{ kind: "step", every: 10, factor: 0.5 }, [0, 9, 10, 25], [0.8, 0.8, 0.4, 0.2]],
    [{ kind: "exponential", every: 10, factor: 0.25 }, [0, 5, 10], [0.8, 0.4, 0.2]],
    [{ kind: "cosine", steps: 10 }, [0, 5, 10, 50], [0.8, 0.4, 0, 0]],
    [{ kind: "cosine", steps: 10, floor: 0.2 }, [0, 5, 10], [0.8, 0.5, 0.2]],
    [{ kind: "warmup", steps: 4 }, [0, 1, 3, 4, 9], [0.2, 0.4, 0.8, 0.8, 0.8]],
    [{ kind: "warmup", steps: 4, after: { kind: "cosine", steps: 10 } }, [3, 4, 9, 14], [0.8, 0.8, 0.4, 0]],
    [(step, base) => base / (1 + step), [0, 1, 3], [0.8, 0.4, 0.2]],
  ])("%j", (schedule, steps, expected) => {
    for (const [at, rate] of rates(schedule, steps).entries()) expect(rate).toBeCloseTo(expected[at]!, 12);
  });
});

test("what is wrong with a schedule", () => {
  expect(checkSchedule({ kind: "step", every: 0, factor: Number.NaN })).toEqual([
    "schedule.every is 0, expected a number above 0",
    "schedule.factor is NaN, expected a number above 0",
  ]);
  const nested = { kind: "warmup", steps: 3, after: { kind: "poly" as "constant" } } as const;
  expect(checkSchedule(nested)[0]).toContain(
    "schedule.kind is poly; there are constant, step, exponential, cosine, warmup",
  );
});
