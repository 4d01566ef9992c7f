import { expect, test } from "vitest";
import { isAttuneError } from "../errors/index.ts";
import { parseProjectConfig } from "./parse.ts";

const minimal = { name: "shop", data: { events: { path: "events.csv", columns: { user: "u", item: "i" } } } };

function issuesOf(input: unknown): readonly string[] {
  try {
    parseProjectConfig(input, "attune.config.json");
  } catch (error) {
    if (isAttuneError(error, "CONFIG_INVALID")) return error.details.issues;
    throw error;
  }
  return [];
}

test("a minimal config gets every default", () => {
  const config = parseProjectConfig(minimal, "attune.config.json");
  expect(config.seed).toBe(42);
  expect(config.data.split).toEqual({ kind: "global-time", validation: 0.1, test: 0.1 });
  expect(config.data.rules).toMatchObject({ duplicates: "last", minUserEvents: 5, minItemEvents: 5 });
  expect(config.train.models.map(({ kind }) => kind)).toEqual([
    "popularity",
    "item-knn",
    "ease",
    "autoencoder",
  ]);
  expect(config.train.metric).toBe("ndcg@10");
  expect(config.export.maxK).toBe(1000);
});

test("three mistakes are reported at once, each with its path", () => {
  const issues = issuesOf({
    ...minimal,
    seed: -1,
    data: { ...minimal.data, split: { kind: "yesterday" }, rules: { minUserEvents: 0 } },
  });
  expect(issues).toHaveLength(3);
  expect(issues.join("\n")).toMatch(/^seed: /m);
  expect(issues.join("\n")).toMatch(/^data\.split\.kind: /m);
  expect(issues.join("\n")).toMatch(/^data\.rules\.minUserEvents: /m);
});

test("a misspelt key is an error, not a default", () => {
  expect(issuesOf({ ...minimal, sede: 7 }).join()).toContain('"sede"');
});

test.each([undefined, null, 3, "text", []])("%s is refused", (input) => {
  expect(issuesOf(input).length).toBeGreaterThan(0);
});

test("a model may be a name or an object with hyperparameters", () => {
  const config = parseProjectConfig(
    { ...minimal, train: { models: ["ease", { kind: "item-knn", hyperparameters: { neighbours: 50 } }] } },
    "attune.config.json",
  );
  expect(config.train.models).toEqual([
    { kind: "ease", hyperparameters: {} },
    { kind: "item-knn", hyperparameters: { neighbours: 50 } },
  ]);
});
