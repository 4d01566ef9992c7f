/** A fitted item-kNN. */

import type { Tensors } from "@attune/train";
import { createNeighbourModel, type NeighbourModel } from "../neighbour-table/model.ts";
import { tableFromTensors } from "../neighbour-table/table.ts";
import type { ItemKnnConfig } from "./config.ts";

export function restoreItemKnn(config: ItemKnnConfig, tensors: Tensors): NeighbourModel {
  return createNeighbourModel({
    kind: "item-knn",
    description: `Item-kNN: cosine similarity of items by their users, shrinkage ${config.shrinkage}`,
    hyperparameters: config,
    table: tableFromTensors(tensors),
  });
}
