/** Hyperparameters of popularity, and which of them are tried. */

import { expandGrid, type Hyperparameters, type RecommendShape } from "@attune/train";
import * as z from "zod";

export const popularityConfig = z.strictObject({
  halfLifeDays: z
    .number()
    .positive()
    .optional()
    .describe("an event this much older than the newest counts half; absent: all count alike"),
});

export type PopularityConfig = z.output<typeof popularityConfig>;

/** Half-lives of a year, a quarter and a month, as far as the data spans more than that. */
export function listPopularityCandidates(
  shape: RecommendShape,
  fixed: Hyperparameters,
): readonly PopularityConfig[] {
  const halfLives = [365, 90, 30].filter((days) => days < shape.spanDays);
  return expandGrid({
    kind: "popularity",
    schema: popularityConfig,
    values: { halfLifeDays: [undefined, ...halfLives] },
    fixed,
  });
}

export function projectPopularityBytes(shape: RecommendShape): number {
  return shape.itemCount * 4;
}
