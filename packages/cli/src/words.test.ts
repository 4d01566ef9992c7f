import { describe, expect, test } from "vitest";
import { nearestWord, suggestion } from "./words.ts";

const words = ["quickstart", "init", "train", "export", "evaluate", "serve", "help"];

describe("nearestWord", () => {
  test.each([
    ["hlep", "help"],
    ["sevre", "serve"],
    ["quikcstart", "quickstart"],
    ["eval", "evaluate"],
    ["trains", "train"],
  ])("%s is %s", (typed, word) => {
    expect(nearestWord(typed, words)).toBe(word);
  });

  test.each(["deploy", "x", "", "publish"])("%j is near to nothing", (typed) => {
    expect(nearestWord(typed, words)).toBeUndefined();
  });

  test("of no words is none", () => {
    expect(nearestWord("help", [])).toBeUndefined();
  });
});

test("a suggestion is silent when there is none", () => {
  expect(suggestion("no-sevre", ["no-serve"], "--")).toBe(" (did you mean --no-serve?)");
  expect(suggestion("publish", words)).toBe("");
});
