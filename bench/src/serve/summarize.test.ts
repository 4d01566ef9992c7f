import { expect, test } from "vitest";
import type { EngineMeasurement } from "./measure.ts";
import { listGoals, summarizeModel } from "./summarize.ts";

const mebibyte = 2 ** 20;

function measured(rates: readonly number[], idle: number | undefined): EngineMeasurement {
  return {
    form: "",
    formRates: {},
    idleBytes: idle === undefined ? undefined : idle * mebibyte,
    afterBytes: 200 * mebibyte,
    turns: rates.map((rate) => ({
      answers: rate * 2,
      seconds: 2,
      p50Ms: 1,
      p99Ms: 4,
      processorMsPerAnswer: 0.25,
    })),
  };
}

test("ratios are medians of the rounds' own: an engine is held against what the other did beside it", () => {
  const { ratioToBare, rounds, engines } = summarizeModel({
    // Twice as fast a machine in the last round.
    engines: { attune: measured([90, 90, 180], 150), bare: measured([100, 100, 200], 100) },
    notMeasured: {},
    versions: {},
  });
  expect(ratioToBare).toBe(0.9);
  expect(rounds).toEqual([
    { attune: 90, bare: 100 },
    { attune: 90, bare: 100 },
    { attune: 180, bare: 200 },
  ]);
  expect(engines.attune).toEqual({
    perSecond: 90,
    p50Ms: 1,
    p99Ms: 4,
    processorMsPerAnswer: 0.25,
    idleMb: 150,
    afterMb: 200,
  });
});

test("the fastest form is named with what each did", () => {
  const fastapi = { ...measured([10], 1), form: "inline", formRates: { inline: 12, threadpool: 7 } };
  const { engines } = summarizeModel({ engines: { fastapi }, notMeasured: {}, versions: {} });
  expect(engines.fastapi).toMatchObject({ form: "inline", formsPerSecond: { inline: 12, threadpool: 7 } });
});

test("MLServer is held against ours in the same protocol", () => {
  const { ratioToMlserver, ratioToFastapi } = summarizeModel({
    engines: { "attune-infer": measured([80], 1), mlserver: measured([20], 1), attune: measured([100], 1) },
    notMeasured: { fastapi: "no module fastapi" },
    versions: {},
  });
  expect(ratioToMlserver).toBe(4);
  expect(ratioToFastapi).toBeNull();
});

test("a goal that was not measured is not met; the small model is not held to the bare loop's speed", () => {
  const ratios = {
    ratioToBare: 0.9,
    ratioToFastapi: 3.1,
    ratioToMlserver: null,
    idleMemoryRatioToBare: 1.7,
    afterMemoryRatioToBare: 1,
  };
  const goals = listGoals({ main: ratios, small: { ...ratios, ratioToBare: 0.4, ratioToFastapi: null } });
  expect(goals.map(({ goal, met }) => [goal.split(":")[0], met])).toEqual([
    ["main", true],
    ["main", true],
    ["main", false],
    ["small", false],
    ["small", false],
  ]);
  expect(goals[3]!.measured).toBe("not measured");
});
