import { recommendRequest } from "@attune/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRequest, type RequestRules } from "./check-request.ts";

const rules: RequestRules = {
  limits: { maxK: 100, maxHistory: 5, maxExclude: 2, maxAllow: 3 },
  takesTime: false,
  columns: [
    { name: "age", kind: "number" },
    { name: "country", kind: "category", levels: ["at"] },
    { name: "tags", kind: "set", levels: [] },
    { name: "constructor", kind: "text" },
  ],
};

function issuesOf(request: unknown, path = "", changed: Partial<RequestRules> = {}): string[] {
  const issues: string[] = [];
  checkRequest(request, { ...rules, ...changed }, path, issues);
  return issues;
}

test.each<unknown>([
  { history: [] },
  { history: ["a", { item: "b" }, { item: "c", weight: 0.5 }], exclude: ["x", "y"], k: 100 },
  { history: ["a"], exclude: undefined, allow: undefined, features: undefined, k: undefined },
  { history: ["a", "a"], allow: ["x", "y", "z"] },
  { history: ["a"], allow: [], features: {} },
  { history: [], features: { age: -1.5, country: "unknown", tags: ["x", ""], constructor: "" } },
  { history: [], features: { age: null, country: null, tags: null } },
  { history: ["a", { item: "b", time: -1.5 }] },
  {
    history: [
      { item: "a", weight: 1e-15 },
      { item: "b", weight: 1e15 },
    ],
  },
])("%j is fine", (request) => {
  expect(issuesOf(request)).toEqual([]);
});

describe("k", () => {
  test.each([
    [0, "0"],
    [-1, "-1"],
    [101, "101"],
    [1e9, "1000000000"],
    [1.5, "1.5"],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    ["3", '"3"'],
    [null, "null"],
    [3n, "3"],
    [[3], "a list"],
  ])("%s is refused", (k, shown) => {
    expect(issuesOf({ history: [], k })).toEqual([`k: expected an integer from 1 to 100, got ${shown}`]);
  });
});

describe("history and exclude", () => {
  test.each([
    [{ history: "abc" }, 'history: expected a list, got "abc"'],
    [{}, "history: expected a list, got undefined"],
    [
      { history: ["1", "2", "3", "4", "5", "6"] },
      "history: 6 entries, at most 5 are allowed; send the newest",
    ],
    [{ history: ["a", ""] }, "history[1]: an item id must not be empty"],
    [{ history: ["a\0b"] }, "history[0]: an item id must not hold a NUL character"],
    [{ history: [7] }, "history[0]: expected an item id or { item, weight, time }, got 7"],
    [{ history: [null] }, "history[0]: expected an item id or { item, weight, time }, got null"],
    [{ history: [["a"]] }, "history[0]: expected an item id or { item, weight, time }, got a list"],
    [{ history: [{ weight: 1 }] }, "history[0].item: expected an item id (a string), got undefined"],
    [{ history: [{ item: "" }] }, "history[0].item: an item id must not be empty"],
    [{ history: [{ item: "a", wieght: 1 }] }, "history[0].wieght: unknown; known are item, weight, time"],
    [{ history: [], exclude: ["a", "b", "c"] }, "exclude: 3 entries, at most 2 are allowed"],
    [{ history: [], exclude: [1] }, "exclude[0]: expected an item id (a string), got 1"],
    [{ history: [], allow: ["a", "b", "c", "d"] }, "allow: 4 entries, at most 3 are allowed"],
    [{ history: [], allow: ["a", ""] }, "allow[1]: an item id must not be empty"],
    [{ history: [], allow: "a" }, 'allow: expected a list, got "a"'],
    [{ history: [{ item: "a", time: Number.NaN }] }, "history[0].time: expected epoch seconds, got NaN"],
    [
      { history: [{ item: "a", time: "2024-01-01" }] },
      'history[0].time: expected epoch seconds, got "2024-01-01"',
    ],
    [{ history: [], exclude: null }, "exclude: expected a list, got null"],
    [{ history: [], K: 3 }, "K: unknown; known are history, exclude, allow, features, k"],
    [null, "(root): expected an object, got null"],
    [[], "(root): expected an object, got a list"],
  ])("%j is refused", (request, issue) => {
    expect(issuesOf(request)).toEqual([issue]);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 1e-300, "1", null])(
    "weight %s is refused",
    (weight) => {
      expect(issuesOf({ history: [{ item: "a", weight }] })[0]).toMatch(
        /^history\[0\]\.weight: expected a number/,
      );
    },
  );
});

describe("times", () => {
  const mixed = { history: [{ item: "a", time: 1 }, "b", { item: "c" }] };

  test("a mix is refused where the graph takes times, and is nobody's business elsewhere", () => {
    expect(issuesOf(mixed, "", { takesTime: true })).toEqual([
      "history: 1 of 3 entries have a time; give one to all, or to none",
    ]);
    expect(issuesOf(mixed)).toEqual([]);
  });

  test.each([
    { history: ["a", "b"] },
    { history: [] },
    {
      history: [
        { item: "a", time: 2 },
        { item: "b", time: 1 },
      ],
    },
  ])("%j has a time everywhere or nowhere", (request) => {
    expect(issuesOf(request, "", { takesTime: true })).toEqual([]);
  });
});

describe("features", () => {
  const known = "known are age, country, tags, constructor";
  test.each<[unknown, string]>([
    [{ height: 1 }, `features.height: unknown; ${known}`],
    [JSON.parse('{ "__proto__": 1 }'), `features.__proto__: unknown; ${known}`],
    [{ age: "41" }, 'features.age: expected a finite number that float32 holds, or null, got "41"'],
    [{ age: Number.NaN }, "features.age: expected a finite number that float32 holds, or null, got NaN"],
    [{ age: 1e39 }, "features.age: expected a finite number that float32 holds, or null, got 1e+39"],
    [{ country: 7 }, "features.country: expected a text without a NUL character, or null, got 7"],
    [{ country: "a\0" }, /^features\.country: expected a text without a NUL/.source],
    [
      { constructor: {} },
      "features.constructor: expected a text without a NUL character, or null, got an object",
    ],
    [{ tags: "new" }, 'features.tags: expected a list of texts without a NUL character, or null, got "new"'],
    [{ tags: [1] }, "features.tags: expected a list of texts without a NUL character, or null, got a list"],
    [[], "features: expected an object of values by column, got a list"],
    [null, "features: expected an object of values by column, got null"],
  ])("%j is refused", (features, issue) => {
    const issues = issuesOf({ history: [], features });
    expect(issues).toHaveLength(1);
    if (issue.startsWith("^")) expect(issues[0]).toMatch(new RegExp(issue));
    else expect(issues[0]).toBe(issue);
  });

  test("a model without columns says that there is none, and a long list of names is cut", () => {
    const request = { history: [], features: { age: 1 } };
    expect(issuesOf(request, "", { columns: [] })).toEqual(["features.age: unknown; there is none"]);
    const columns = Array.from({ length: 500 }, (_, index) => ({
      name: `c${index}`,
      kind: "number" as const,
    }));
    const [issue] = issuesOf(request, "", { columns });
    expect(issue).toMatch(/known are c0, c1, .* and 480 more$/);
  });
});

test("every problem is listed, below the given path", () => {
  expect(issuesOf({ history: [""], exclude: "x", k: 0, foo: 1 }, "requests[3].")).toEqual([
    "requests[3].foo: unknown; known are history, exclude, allow, features, k",
    "requests[3].history[0]: an item id must not be empty",
    'requests[3].exclude: expected a list, got "x"',
    "requests[3].k: expected an integer from 1 to 100, got 0",
  ]);
  expect(issuesOf(7, "requests[3].")).toEqual(["requests[3]: expected an object, got 7"]);
});

test("a huge value is never copied into the message", () => {
  const [issue] = issuesOf({ history: [], k: "x".repeat(100_000) });
  expect(issue!.length).toBeLessThan(120);
});

test("property: whatever the schema of contracts refuses is refused here as well", () => {
  const value = fc.oneof(
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined, {}, [], "a"),
    fc.record(
      { item: fc.oneof(fc.string(), fc.integer()), weight: fc.double(), time: fc.double() },
      { requiredKeys: [] },
    ),
  );
  // Undefined counts as missing here; JSON, which the schema describes, cannot hold it.
  const raw = fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.boolean(), fc.array(fc.string()));
  const request = fc.oneof(
    value,
    fc.record(
      {
        history: fc.oneof(value, fc.array(value)),
        exclude: fc.oneof(value, fc.array(value)),
        allow: fc.oneof(value, fc.array(value)),
        features: fc.oneof(value, fc.record({ age: raw, tags: raw }, { requiredKeys: [] })),
        k: value,
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(request, (candidate) => {
      const isRefusedBySchema = !recommendRequest.safeParse(candidate).success;
      fc.pre(isRefusedBySchema);
      expect(issuesOf(candidate)).not.toEqual([]);
    }),
  );
});
