import { recommendRequest } from "@attune/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRequest } from "./check-request.ts";

const limits = { maxK: 100, maxHistory: 5, maxExclude: 2 };

function issuesOf(request: unknown, path = ""): string[] {
  const issues: string[] = [];
  checkRequest(request, limits, path, issues);
  return issues;
}

test.each([
  { history: [] },
  { history: ["a", { item: "b" }, { item: "c", weight: 0.5 }], exclude: ["x", "y"], k: 100 },
  { history: ["a"], exclude: undefined, k: undefined },
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
    [{ history: [7] }, "history[0]: expected an item id or { item, weight }, got 7"],
    [{ history: [null] }, "history[0]: expected an item id or { item, weight }, got null"],
    [{ history: [["a"]] }, "history[0]: expected an item id or { item, weight }, got a list"],
    [{ history: [{ weight: 1 }] }, "history[0].item: expected an item id (a string), got undefined"],
    [{ history: [{ item: "" }] }, "history[0].item: an item id must not be empty"],
    [{ history: [{ item: "a", wieght: 1 }] }, "history[0].wieght: unknown; known are item, weight"],
    [{ history: [], exclude: ["a", "b", "c"] }, "exclude: 3 entries, at most 2 are allowed; send the newest"],
    [{ history: [], exclude: [1] }, "exclude[0]: expected an item id (a string), got 1"],
    [{ history: [], exclude: null }, "exclude: expected a list, got null"],
    [{ history: [], K: 3 }, "K: unknown; known are history, exclude, k"],
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

test("every problem is listed, below the given path", () => {
  expect(issuesOf({ history: [""], exclude: "x", k: 0, foo: 1 }, "requests[3].")).toEqual([
    "requests[3].foo: unknown; known are history, exclude, k",
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
    fc.record({ item: fc.oneof(fc.string(), fc.integer()), weight: fc.double() }, { requiredKeys: [] }),
  );
  const request = fc.oneof(
    value,
    fc.record(
      { history: fc.oneof(value, fc.array(value)), exclude: fc.oneof(value, fc.array(value)), k: value },
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
