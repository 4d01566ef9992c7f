import { expect, test } from "vitest";
import { dialectSql, formatSql, joinSql, sql, table } from "./sql.ts";

test("keeps apart what the template and what the dialect wrote", () => {
  const query = sql`select ${dialectSql("md5(x)")} from ${table("events")} where n > ${3}`;

  expect(formatSql(query)).toBe("select md5(x) from events where n > 3");
  expect(query.chunks.filter((chunk) => chunk.origin === "dialect").map((chunk) => chunk.text)).toEqual([
    "md5(x)",
  ]);
});

test("joins pieces and keeps their origin", () => {
  const joined = joinSql([sql`a`, dialectSql("b"), sql`c`], ", ");

  expect(formatSql(joined)).toBe("a, b, c");
  expect(joined.chunks.map((chunk) => chunk.origin)).toEqual([
    "template",
    "template",
    "dialect",
    "template",
    "template",
  ]);
});

test.each([
  [0, "0"],
  [-12, "-12"],
  [0.1, "1e-1"],
  [2 ** -126, "1.1754943508222875e-38"],
  [8.64e15, "8640000000000000"],
  [1e17, "1e+17"],
])("writes %s as %s", (value, text) => {
  expect(formatSql(sql`${value}`)).toBe(text);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %s", (value) => {
  expect(() => sql`${value}`).toThrow(RangeError);
});

test.each(["Events", "a b", "x;drop", "1a", ""])("refuses the table name %j", (name) => {
  expect(() => table(name)).toThrow(RangeError);
});
