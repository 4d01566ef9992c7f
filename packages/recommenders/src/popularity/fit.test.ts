import type { Interactions } from "@attune/contracts";
import { interactionsFrom } from "@attune/testkit";
import { expect, test } from "vitest";
import { shapeOf } from "../fixtures/shape.ts";
import { listPopularityCandidates, type PopularityConfig } from "./config.ts";
import { fitPopularity } from "./fit.ts";
import { restorePopularity, scoreNobody } from "./model.ts";

const dayMs = 86_400_000;
const events = [
  { user: 0, item: 0, weight: 4, timeMs: 1000 },
  { user: 1, item: 0, weight: 4, timeMs: 1000 + 10 * dayMs },
  { user: 1, item: 2, weight: 7, timeMs: 1000 + 30 * dayMs },
];
const interactions = interactionsFrom(events, 2, 4);

async function scoresOf(given: Interactions, config: PopularityConfig) {
  return scoreNobody(restorePopularity(config, await fitPopularity(given, config, { seed: 1 })));
}

test("without a half-life every event counts its weight, and the largest sum is 1", async () => {
  const scores = await scoresOf(interactions, {});
  expect([...scores]).toEqual([1, 0, Math.fround(7 / 8), 0]);
});

test("with a half-life an event of that age counts half, counted from the newest event", async () => {
  const scores = await scoresOf(interactions, { halfLifeDays: 10 });
  expect([...scores]).toEqual([Math.fround((4 / 8 + 4 / 4) / 7), 0, 1, 0]);
});

test("no events, and events without a time, give no NaN", async () => {
  const none = await scoresOf(interactionsFrom([], 1, 2), { halfLifeDays: 1 });
  expect([...none]).toEqual([0, 0]);
  const timeless = interactionsFrom([{ user: 0, item: 1 }], 1, 2);
  expect([...(await scoresOf(timeless, { halfLifeDays: 1 }))]).toEqual([0, 1]);
});

test("half-lives longer than the data are not tried; no half-life always is", () => {
  const shape = shapeOf({ userCount: 2, itemCount: 4, eventCount: 3 });
  expect(listPopularityCandidates({ ...shape, spanDays: 0 }, {})).toEqual([{}]);
  expect(listPopularityCandidates({ ...shape, spanDays: 100 }, {})).toEqual([
    {},
    { halfLifeDays: 90 },
    { halfLifeDays: 30 },
  ]);
});
