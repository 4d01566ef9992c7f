/** Hyperparameters of EASE, and which of them are tried. */

import { expandGrid, type Hyperparameters, type RecommendShape } from "@attune/train";
import * as z from "zod";
import { neighboursWithin, projectTableBytes } from "../neighbour-table/table.ts";
import { isDual } from "./size.ts";

export const easeConfig = z.strictObject({
  regularization: z
    .number()
    .positive()
    .default(300)
    .describe("λ, in units of the mean squared event weight; larger trusts the data less"),
  neighbours: z.int().positive().describe("weights kept per item, the heaviest first"),
});

export type EaseConfig = z.output<typeof easeConfig>;

/** Before pruning to the export budget a table may take this much: all pairs of 2,000 items. */
const tableBytes = 32_000_000;
/** Above this many multiply-adds per λ the grid is coarser: it would take minutes. */
const costlyFit = 5e9;

/** @throws {AttuneError} `TRAIN_CONFIG` */
export function listEaseCandidates(shape: RecommendShape, fixed: Hyperparameters): readonly EaseConfig[] {
  const { userCount, itemCount } = shape;
  const side = Math.min(userCount, itemCount);
  const lambdas = side ** 3 / 2 > costlyFit ? [300, 100, 1000] : [200, 50, 100, 500, 1000];
  const neighbours = Math.max(1, Math.min(itemCount - 1, neighboursWithin(tableBytes, itemCount)));
  return expandGrid({
    kind: "ease",
    schema: easeConfig,
    values: { regularization: lambdas, neighbours: [neighbours] },
    fixed,
  });
}

/** Of a table shrunk to the budget. */
export function projectEaseBytes(shape: RecommendShape, config: EaseConfig, budgetBytes: number): number {
  return projectTableBytes(shape.itemCount, config.neighbours, budgetBytes);
}

/** Multiply-adds of a fit: the inverse of the smaller side, and for few users a pass over the events per item. */
export function estimateEaseWork({ userCount, itemCount, eventCount }: RecommendShape): number {
  const side = Math.min(userCount, itemCount);
  return side ** 3 / 2 + (isDual(userCount, itemCount) ? itemCount * eventCount : 0);
}
