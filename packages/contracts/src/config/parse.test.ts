import { describe, expect, test } from "vitest";
import { isAttuneError } from "../errors/index.ts";
import { configJsonSchema, parseProjectConfig } from "./parse.ts";
import type { ProjectConfig } from "./project.ts";

const minimal = { name: "shop", data: { events: { path: "events.csv", columns: { user: "u", item: "i" } } } };

function failureOf(input: unknown) {
  try {
    parseProjectConfig(input, "attune.config.json");
  } catch (error) {
    if (isAttuneError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

function issuesOf(input: unknown): readonly string[] {
  const error = failureOf(input);
  if (isAttuneError(error, "CONFIG_INVALID")) return error.details.issues;
  throw error;
}

function parseRecommend(input: object): ProjectConfig<"recommend"> {
  const config = parseProjectConfig(input, "attune.config.json");
  if (config.task !== "recommend") throw new Error(`the task is ${config.task}`);
  return config;
}

const withSplit = (split: object) => ({ ...minimal, data: { ...minimal.data, split } });

describe("defaults", () => {
  test("a minimal config is one of recommend, and gets every default", () => {
    const config = parseRecommend(minimal);
    expect(config.seed).toBe(42);
    // What the default is depends on whether the events have a time: `data` knows.
    expect(config.data.split).toBeUndefined();
    expect(config.data.rules).toEqual({
      duplicates: "last",
      repeats: "drop",
      weightByRating: false,
      minUserEvents: 5,
      minItemEvents: 5,
    });
    // No list means every trainer of the task.
    expect(config.train.models).toBeUndefined();
    expect(config.train.metric).toBe("ndcg@10");
    expect(config.train.budget).toEqual({ trials: 24 });
    expect(config.export.maxK).toBe(1000);
  });

  test("side tables show nothing and have no features unless they say so; sets are split at bars", () => {
    const { data } = parseRecommend({
      ...minimal,
      data: {
        ...minimal.data,
        items: { path: "i.csv", columns: { item: "i", title: "t" } },
        users: { path: "u.csv", columns: { user: "u" }, features: { likes: { kind: "set" } } },
      },
    });
    expect(data.items).toMatchObject({ show: [], features: {} });
    expect(data.users?.features).toEqual({ likes: { kind: "set", separator: "|" } });
  });

  test.each([
    [{ kind: "global-time" }, { validation: 0.1, test: 0.1 }],
    [{ kind: "leave-last-out" }, { validation: 1, test: 1 }],
    [{ kind: "random" }, { validation: 0.1, test: 0.1 }],
    [{ kind: "by-user" }, { validation: 0.1, test: 0.1, foldIn: 0.8 }],
    [{ kind: "given", column: "role" }, {}],
    [{ kind: "given", testFile: "test.csv", carve: 0.1 }, {}],
  ])("of the split %o", (split, defaults) => {
    expect(parseRecommend(withSplit(split)).data.split).toEqual({ ...split, ...defaults });
  });
});

describe("tasks", () => {
  test.each(["classify", "regress"] as const)("%s reads a table", (task) => {
    const config = parseProjectConfig(
      { task, name: "rows", data: { table: { path: "t.csv", target: "y" } } },
      "c",
    );
    expect(config).toMatchObject({
      task,
      data: {
        table: { features: {} },
        split: { kind: "random", validation: 0.15, test: 0.15 },
      },
    });
  });

  test("hierarchical needs levels", () => {
    const table = { path: "t.csv", target: "y" };
    expect(issuesOf({ task: "hierarchical", name: "rows", data: { table } })).toEqual([
      expect.stringMatching(/^data\.table\.levels: /),
    ]);
  });

  test("an unknown one is refused with those that there are", () => {
    expect(issuesOf({ ...minimal, task: "cluster" })).toEqual([
      expect.stringMatching(/^task: .*'recommend'/),
    ]);
  });
});

describe("mistakes", () => {
  test("three are reported at once, each with its path", () => {
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

  test("an instant needs its zone", () => {
    const split = { kind: "global-time", validationFrom: "2024-01-01T00:00:00", testFrom: "2024-02-01" };
    expect(issuesOf(withSplit(split))).toEqual([
      expect.stringMatching(/^data\.split\.validationFrom: /),
      expect.stringMatching(/^data\.split\.testFrom: /),
    ]);
  });

  test("rules and features take the words they know", () => {
    const users = { path: "u.csv", columns: { user: "u" }, features: { age: { kind: "integer" } } };
    const rules = { duplicates: "first", repeats: "maybe" };
    expect(issuesOf({ ...minimal, data: { ...minimal.data, users, rules } })).toHaveLength(3);
  });
});

describe("versions", () => {
  test("a key of the former one is named, with what to change", () => {
    const items = { path: "i.csv", columns: { item: "i", title: "t" }, extra: ["genres"] };
    const error = failureOf({ ...minimal, data: { ...minimal.data, items } });
    expect(error.code).toBe("CONFIG_VERSION");
    expect(error.details).toEqual({
      source: "attune.config.json",
      found: 1,
      supported: 2,
      changes: ["data.items.extra: is data.items.show since version 2; rename it"],
    });
  });

  test("so is the version itself, and a newer one asks for an upgrade", () => {
    expect(failureOf({ ...minimal, version: 1 }).message).toContain("version: set it to 2");
    expect(failureOf({ ...minimal, version: 3 }).message).toContain("upgrade attune");
    expect(parseRecommend({ ...minimal, version: 2 }).version).toBe(2);
  });
});

test("a model may be a name or an object with hyperparameters", () => {
  const config = parseRecommend({
    ...minimal,
    train: { models: ["ease", { kind: "item-knn", hyperparameters: { neighbours: 50 } }] },
  });
  expect(config.train.models).toEqual([
    { kind: "ease", hyperparameters: {} },
    { kind: "item-knn", hyperparameters: { neighbours: 50 } },
  ]);
});

test("the schema for editors has every task", () => {
  const text = JSON.stringify(configJsonSchema());
  for (const task of ["recommend", "classify", "regress", "hierarchical"]) {
    expect(text).toContain(`"const":"${task}"`);
  }
});
