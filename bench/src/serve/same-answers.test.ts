import { expect, test } from "vitest";
import type { RunningEngine, Slate } from "./engines/engine.ts";
import { describeDifference, findDifference } from "./same-answers.ts";

const right: Slate = { ids: ["a", "b"], scores: [0.5, 0.25], source: "model", unknown: 1 };

test("ids, their order, source and unknown must be the same; scores up to the rounding of float32", () => {
  expect(describeDifference(right, { ...right, scores: [0.500001, 0.25] })).toBeUndefined();
  expect(describeDifference(right, { ...right, ids: ["b", "a"] })).toBe("ids [b, a], not [a, b]");
  expect(describeDifference(right, { ...right, ids: ["a"] })).toBe("ids [a], not [a, b]");
  expect(describeDifference(right, { ...right, source: "fallback" })).toBe("source fallback, not model");
  expect(describeDifference(right, { ...right, unknown: 0 })).toBe("unknown 0, not 1");
  expect(describeDifference(right, { ...right, scores: [0.5, 0.26] })).toBe("score 0.26, not 0.25, of b");
  expect(describeDifference(right, { ...right, scores: [0.5] })).toBe("score undefined, not 0.25, of b");
  expect(describeDifference(right, { ...right, scores: [0.5, Number.NaN] })).toBe(
    "score NaN, not 0.25, of b",
  );
});

test("the first request that is answered differently is named", async () => {
  const other: Slate = { ...right, unknown: 3 };
  const requests = ["x", "y", "z"].map((id) => ({ history: [id], k: 2 }));
  const engine: Pick<RunningEngine, "ask"> = {
    ask: async ({ history }) => (history[0] === "y" ? other : right),
  };
  const difference = await findDifference(engine as RunningEngine, requests, [right, right, right]);
  expect(difference).toBe("request 2 of 3: unknown 3, not 1");
  expect(await findDifference(engine as RunningEngine, requests, [right, other, right])).toBeUndefined();
});
