/** Hyperparameters of item-kNN, and which of them are tried. */

import { expandGrid, type Hyperparameters, type RecommendShape } from "@attune/train";
import * as z from "zod";
import { projectTableBytes } from "../neighbour-table/table.ts";

export const itemKnnConfig = z.strictObject({
  neighbours: z.int().positive().default(100).describe("most similar items kept per item"),
  shrinkage: z
    .number()
    .nonnegative()
    .default(10)
    .describe("in units of the mean squared event weight; larger trusts rare co-occurrence less"),
});

export type ItemKnnConfig = z.output<typeof itemKnnConfig>;

export function listItemKnnCandidates(
  shape: RecommendShape,
  fixed: Hyperparameters,
): readonly ItemKnnConfig[] {
  const most = Math.max(1, shape.itemCount - 1);
  const neighbours = [...new Set([100, 50, 250].map((count) => Math.min(count, most)))];
  return expandGrid({
    kind: "item-knn",
    schema: itemKnnConfig,
    values: { neighbours, shrinkage: [10, 0, 100] },
    fixed,
  });
}

/** Of a table shrunk to the budget. */
export function projectItemKnnBytes(
  shape: RecommendShape,
  config: ItemKnnConfig,
  budgetBytes: number,
): number {
  return projectTableBytes(shape.itemCount, config.neighbours, budgetBytes);
}
