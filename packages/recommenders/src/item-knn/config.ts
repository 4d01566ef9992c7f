/** Hyperparameters of item-kNN, and which of them are tried. */
import * as z from "zod";
import { bytesPerNeighbour } from "../neighbour-table/table.ts";
import { expandGrid } from "@attune/train";
import type { DatasetShape, Hyperparameters } from "@attune/train";

export const itemKnnConfig = z.strictObject({
  neighbours: z.int().positive().default(100).describe("most similar items kept per item"),
  shrinkage: z
    .number()
    .nonnegative()
    .default(10)
    .describe("in units of the mean squared event weight; larger trusts rare co-occurrence less"),
});

export type ItemKnnConfig = z.output<typeof itemKnnConfig>;

export function listItemKnnCandidates(shape: DatasetShape, fixed: Hyperparameters): readonly ItemKnnConfig[] {
  const most = Math.max(1, shape.itemCount - 1);
  const neighbours = [...new Set([100, 50, 250].map((count) => Math.min(count, most)))];
  return expandGrid({
    kind: "item-knn",
    schema: itemKnnConfig,
    values: { neighbours, shrinkage: [10, 0, 100] },
    fixed,
  });
}

export function projectItemKnnBytes(shape: DatasetShape, config: ItemKnnConfig): number {
  return shape.itemCount * Math.max(1, Math.min(config.neighbours, shape.itemCount - 1)) * bytesPerNeighbour;
}
