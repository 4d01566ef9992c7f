import { expect, test } from "vitest";
import { looksLikeData, parseFirstRecord } from "./header.ts";

test.each([
  ["a,b,c\n1,2,3", ["a", "b", "c"]],
  ["a,b,c\r\n1,2,3", ["a", "b", "c"]],
  ["a,b,c", ["a", "b", "c"]],
  ['"user id","a ""b""","c,d"\n', ["user id", 'a "b"', "c,d"]],
  ['"two\nlines",b\n1,2', ["two\nlines", "b"]],
  ['it"s,b\n', ['it"s', "b"]],
  ["", [""]],
])("first record of %j", (text, fields) => {
  expect(parseFirstRecord(text, ",")).toEqual(fields);
});

test("splits at tabs when asked", () => {
  expect(parseFirstRecord("a,b\tc\n", "\t")).toEqual(["a,b", "c"]);
});

test.each([
  [["1", "31", "2.5"], true],
  [["ann", "book", "2020-01-01T10:00:00Z"], true],
  [["ann", ""], true],
  [["user", "item", "rating"], false],
  [["user1", "item2"], false],
])("%j looks like data: %s", (fields, expected) => {
  expect(looksLikeData(fields)).toBe(expected);
});
