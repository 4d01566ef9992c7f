import { expect, test } from "vitest";
import { looksLikeData, parseFirstRecord, parseRecords } from "./header.ts";

test.each([
  ["a,b,c\n1,2,3", ["a", "b", "c"]],
  ["a,b,c\r\n1,2,3", ["a", "b", "c"]],
  ["a,b,c", ["a", "b", "c"]],
  ['"user id","a ""b""","c,d"\n', ["user id", 'a "b"', "c,d"]],
  ['"two\nlines",b\n1,2', ["two\nlines", "b"]],
  ['it"s,b\n', ['it"s', "b"]],
  ['a, "b,c" ,  "d"\n', ["a", "b,c", '  "d"']],
  ["", [""]],
])("first record of %j", (text, fields) => {
  expect(parseFirstRecord(text, ",")).toEqual(fields);
});

test.each([
  [
    "a,b\r\n1,2\r\n3,4",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    'a,b\n"1,5\n",2\n',
    [
      ["a", "b"],
      ["1,5\n", "2"],
    ],
  ],
  [
    "a,b\n1,",
    [
      ["a", "b"],
      ["1", ""],
    ],
  ],
  ["a,b\n", [["a", "b"]]],
])("first two records of %j", (text, records) => {
  expect(parseRecords(text, ",", 2)).toEqual(records);
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
