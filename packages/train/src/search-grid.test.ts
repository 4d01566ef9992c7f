import { failureOf } from "@attune/testkit";
import { expect, test } from "vitest";
import * as z from "zod";
import { expandGrid } from "./search-grid.ts";

const schema = z.strictObject({ a: z.number(), b: z.number().optional(), c: z.number().default(9) });
const grid = { kind: "test", schema, values: { a: [1, 2], b: [undefined, 3] } };

test("every combination, the first of each first, defaults filled in", () => {
  expect(expandGrid({ ...grid, fixed: {} })).toEqual([
    { a: 1, c: 9 },
    { a: 1, b: 3, c: 9 },
    { a: 2, c: 9 },
    { a: 2, b: 3, c: 9 },
  ]);
});

test("what is fixed is not searched", () => {
  expect(expandGrid({ ...grid, fixed: { b: 5, c: 0 } })).toEqual([
    { a: 1, b: 5, c: 0 },
    { a: 2, b: 5, c: 0 },
  ]);
});

test("all problems of the fixed values in one error", async () => {
  const failure = await failureOf(() => expandGrid({ ...grid, fixed: { a: "x", d: 1 } }));
  expect(failure.code).toBe("TRAIN_CONFIG");
  expect(failure.message).toContain("a: Invalid input");
  expect(failure.message).toContain('Unrecognized key: "d"');
});
