/** Hyperparameters of EASE, and which of them are tried. */
import * as z from "zod";
import { bytesPerNeighbour, neighboursWithin } from "../neighbour-table/table.ts";
import { expandGrid } from "@attune/train";
import type { DatasetShape, Hyperparameters } from "@attune/train";
import { checkEaseSize } from "./fit.ts";

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

/** @throws {AttuneError} `TRAIN_CONFIG`, `TRAIN_TOO_LARGE`. */
export function listEaseCandidates(shape: DatasetShape, fixed: Hyperparameters): readonly EaseConfig[] {
  const { userCount, itemCount } = shape;
  checkEaseSize(userCount, itemCount);
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

export function projectEaseBytes(shape: DatasetShape, config: EaseConfig): number {
  return shape.itemCount * Math.max(1, Math.min(config.neighbours, shape.itemCount - 1)) * bytesPerNeighbour;
}
