import { expect, test } from "vitest";
import { regressOptions } from "./fixtures/options.ts";
import { toyFamily } from "./fixtures/toy-family.ts";
import { trainingKey } from "./key.ts";

const { trainers } = toyFamily;

test("changes with the data, the seed, the config and the trainers that run, not with the rest", () => {
  const options = regressOptions();
  const key = trainingKey("a", options, trainers);
  expect(key).toMatch(/^[0-9a-f]{16}$/);
  expect(trainingKey("a", regressOptions(), trainers)).toBe(key);
  expect(trainingKey("b", options, trainers)).not.toBe(key);
  expect(trainingKey("a", { ...options, seed: 1 }, trainers)).not.toBe(key);
  expect(trainingKey("a", regressOptions({ metric: "absolute-error" }), trainers)).not.toBe(key);
  expect(trainingKey("a", regressOptions({}, { goldenRows: 9 }), trainers)).toBe(key);
});

test("a new trainer changes the key of a config that leaves the choice to us, and no other", () => {
  const named = regressOptions({ models: ["slope"] });
  const withoutJitter = trainers.filter(({ kind }) => kind !== "jitter");
  expect(trainingKey("a", named, withoutJitter)).toBe(trainingKey("a", named, trainers));
  expect(trainingKey("a", regressOptions(), withoutJitter)).not.toBe(
    trainingKey("a", regressOptions(), trainers),
  );
});

test("the baseline counts though no config names it, and so do a trainer's version and complexity", () => {
  const named = regressOptions({ models: ["slope"] });
  const change = (kind: string, more: object) =>
    trainers.map((trainer) => (trainer.kind === kind ? { ...trainer, ...more } : trainer));
  const key = trainingKey("a", named, trainers);
  expect(trainingKey("a", named, change("mean", { version: 2 }))).not.toBe(key);
  expect(trainingKey("a", named, change("slope", { version: 2 }))).not.toBe(key);
  expect(trainingKey("a", named, change("slope", { complexity: 11 }))).not.toBe(key);
  expect(trainingKey("a", named, change("jitter", { version: 2 }))).toBe(key);
});
