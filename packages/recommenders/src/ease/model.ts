/** A fitted EASE. */
import { createNeighbourModel } from "../neighbour-table/model.ts";
import { tableFromTensors } from "../neighbour-table/table.ts";
import type { NeighbourModel, Tensors } from "@attune/train";
import type { EaseConfig } from "./config.ts";

export function restoreEase(config: EaseConfig, tensors: Tensors): NeighbourModel {
  return createNeighbourModel({
    kind: "ease",
    description: `EASE: ridge regression of each item on all others in closed form, λ = ${config.regularization}`,
    hyperparameters: config,
    table: tableFromTensors(tensors),
  });
}
