import type { Recommendation } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { compareAnswers, formatDifference, formatMs } from "./compare.ts";
import { formatPicks, parsePicks } from "./picks.ts";
import { widestWord } from "./word-width.ts";

const answer = (ids: readonly string[], scores: readonly number[]): Recommendation => ({
  ids,
  scores,
  source: "model",
  unknown: 0,
});

describe("picks in the address", () => {
  test.each([[[]], [["318", "296"]], [["a b", "c&d=e", "ä/ö#?", "100%"]]])(
    "%j comes back as it went",
    (picks) => {
      expect(parsePicks(formatPicks(picks))).toEqual(picks);
    },
  );

  test("drops repeats, empty ids and anything else", () => {
    expect(parsePicks("#item=1&item=1&item=&other=2")).toEqual(["1"]);
    expect(parsePicks("#section")).toEqual([]);
    expect(parsePicks("")).toEqual([]);
  });
});

describe("compareAnswers", () => {
  test("finds equal lists and the largest difference", () => {
    const result = compareAnswers(answer(["a", "b"], [1, 0.5]), answer(["a", "b"], [1.0625, 0.5]));
    expect(result).toEqual({ sameList: true, sharedCount: 2, maxAbs: 0.0625 });
  });

  test("matches scores by id when the order differs", () => {
    const result = compareAnswers(answer(["a", "b"], [1, 0.5]), answer(["b", "a"], [0.5, 1]));
    expect(result).toEqual({ sameList: false, sharedCount: 2, maxAbs: 0 });
  });

  test("has no difference to show when nothing is shared", () => {
    expect(compareAnswers(answer(["a"], [1]), answer(["b"], [1]))).toEqual({
      sameList: false,
      sharedCount: 0,
    });
  });

  test("another source is another answer", () => {
    const fallback = { ...answer(["a"], [1]), source: "fallback" as const };
    expect(compareAnswers(answer(["a"], [1]), fallback).sameList).toBe(false);
  });

  test("a score that is no number is not equal", () => {
    const { maxAbs } = compareAnswers(answer(["a"], [Number.NaN]), answer(["a"], [1]));
    expect(formatDifference(maxAbs ?? 0)).toBe("not a number");
  });
});

describe("widestWord", () => {
  test("wide letters count more, narrow ones less", () => {
    expect(widestWord("Memento")).toBeGreaterThan(widestWord("Seven on"));
    expect(widestWord("Illicit")).toBeLessThan(widestWord("Memento"));
  });

  test("looks at the widest word only, and never below the size of a short one", () => {
    expect(widestWord("A Spider-Man")).toBe(widestWord("Spider-"));
    expect(widestWord("E.T.")).toBe(4);
    expect(widestWord("")).toBe(4);
  });
});

describe("figures for reading", () => {
  test.each([
    [0, "0"],
    [1.19e-7, "1.2 × 10⁻⁷"],
    [4e-12, "4.0 × 10⁻¹²"],
    [0.25, "0.25"],
    [0.0123, "0.012"],
  ])("difference %f", (value, text) => {
    expect(formatDifference(value)).toBe(text);
  });

  test("times", () => {
    expect(formatMs(0.42)).toBe("0.4 ms");
    expect(formatMs(183.2)).toBe("183 ms");
  });
});
