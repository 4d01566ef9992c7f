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
  expect(trainingKey("a", named, trainers.slice(1))).toBe(trainingKey("a", named, trainers));
  expect(trainingKey("a", regressOptions(), trainers.slice(1))).not.toBe(
    trainingKey("a", regressOptions(), trainers),
  );
});
