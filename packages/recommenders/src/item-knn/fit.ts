/** Fits item-kNN: cosine of the items' columns, one item at a time over the users who have it. */
import type { Interactions } from "@attune/contracts";
import type { FitHooks, Tensors } from "@attune/train";
import { pause } from "@attune/train";
import { groupByItem } from "../interactions/by-item.ts";
import { meanSquaredWeight } from "../interactions/shape.ts";
import { createNeighbourCollector } from "../neighbour-table/collect.ts";
import { tableTensors } from "../neighbour-table/table.ts";
import type { ItemKnnConfig } from "./config.ts";

/**
 * similarity(i, j) = xᵢ·xⱼ / (‖xᵢ‖ ‖xⱼ‖ + shrinkage).
 *
 * Time: the sum over users of their squared event count. Memory: one row of the catalogue besides the table.
 *
 * @throws {AttuneError} `TRAIN_ABORTED`.
 * @see Sarwar et al. 2001 (item-based cosine); Bell & Koren 2007 (shrinkage).
 */
export async function fitItemKnn(
  interactions: Interactions,
  config: ItemKnnConfig,
  hooks: FitHooks,
): Promise<Tensors> {
  const { itemCount, offsets, items, weights } = interactions;
  const columns = groupByItem(interactions);
  const shrinkage = config.shrinkage * meanSquaredWeight(interactions);
  const norms = new Float64Array(itemCount);
  for (let e = 0; e < items.length; e++) norms[items[e]!]! += weights[e]! ** 2;
  for (let item = 0; item < itemCount; item++) norms[item] = Math.sqrt(norms[item]!);

  const collector = createNeighbourCollector(itemCount, config.neighbours);
  const row = new Float64Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    row.fill(0);
    for (let e = columns.offsets[item]!; e < columns.offsets[item + 1]!; e++) {
      const user = columns.users[e]!;
      const weight = columns.weights[e]!;
      for (let f = offsets[user]!; f < offsets[user + 1]!; f++) row[items[f]!]! += weight * weights[f]!;
    }
    for (let j = 0; j < itemCount; j++) {
      if (row[j] !== 0) row[j]! /= norms[item]! * norms[j]! + shrinkage;
    }
    collector.add(item, row);
    if (item % 256 === 255) await pause("item-knn", hooks.signal);
  }
  return tableTensors(collector.table());
}
