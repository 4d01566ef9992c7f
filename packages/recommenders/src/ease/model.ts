/** A fitted EASE. */

import type { Tensors } from "@attune/train";
import { createNeighbourModel, type NeighbourModel } from "../neighbour-table/model.ts";
import { tableFromTensors } from "../neighbour-table/table.ts";
import type { EaseConfig } from "./config.ts";

export function restoreEase(config: EaseConfig, tensors: Tensors): NeighbourModel {
  return createNeighbourModel({
    kind: "ease",
    description: `EASE: ridge regression of each item on all others in closed form, λ = ${config.regularization}`,
    hyperparameters: config,
    table: tableFromTensors(tensors),
  });
}
