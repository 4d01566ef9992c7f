/** Fits item-kNN: cosine of the items' columns, one item at a time over the users who have it. */
import type { Interactions } from "@attune/contracts";
import { type FitHooks, pause, type Tensors } from "@attune/train";
import { createCoOccurrences } from "../interactions/co-occurrence.ts";
import { meanSquaredWeight } from "../interactions/shape.ts";
import { createNeighbourCollector, type NeighbourCollector } from "../neighbour-table/collect.ts";
import {
  bytesPerNeighbour,
  type NeighbourTable,
  pruneTable,
  tableTensors,
} from "../neighbour-table/table.ts";
import type { ItemKnnConfig } from "./config.ts";

/** Tables of several shrinkages may take this much together; more are filled one after the other. */
const sharedTablesBytes = 2 ** 30;

/**
 * similarity(i, j) = xᵢ·xⱼ / (‖xᵢ‖ ‖xⱼ‖ + shrinkage).
 *
 * Time: the sum over users of their squared event count. Memory: a few rows of the catalogue besides the table.
 *
 * @throws {AttuneError} `TRAIN_ABORTED`.
 * @see Sarwar et al. 2001 (item-based cosine); Bell & Koren 2007 (shrinkage).
 */
export async function fitItemKnn(
  interactions: Interactions,
  config: ItemKnnConfig,
  hooks: FitHooks,
): Promise<Tensors> {
  const [table] = await fillTables(interactions, [config.shrinkage], config.neighbours, hooks);
  return tableTensors(table!);
}

/**
 * The tensors of several settings in their order, each as `fitItemKnn` gives them. All share one pass over the products;
 * fewer neighbours are the first columns of more.
 */
export async function* fitItemKnns(
  interactions: Interactions,
  configs: readonly ItemKnnConfig[],
  hooks: FitHooks,
): AsyncGenerator<{ readonly config: ItemKnnConfig; readonly tensors: Tensors }> {
  const shrinkages = [...new Set(configs.map(({ shrinkage }) => shrinkage))];
  const most = Math.max(...configs.map(({ neighbours }) => neighbours));
  if (shrinkages.length * interactions.itemCount * most * bytesPerNeighbour > sharedTablesBytes) {
    for (const config of configs) yield { config, tensors: await fitItemKnn(interactions, config, hooks) };
    return;
  }
  const tables = await fillTables(interactions, shrinkages, most, hooks);
  for (const config of configs) {
    const table = tables[shrinkages.indexOf(config.shrinkage)]!;
    yield { config, tensors: tableTensors(pruneTable(table, config.neighbours)) };
  }
}

/** One table per shrinkage. */
async function fillTables(
  interactions: Interactions,
  shrinkages: readonly number[],
  neighbours: number,
  { signal, onProgress }: FitHooks,
): Promise<NeighbourTable[]> {
  const { itemCount } = interactions;
  const unit = meanSquaredWeight(interactions);
  const collectors = shrinkages.map((shrinkage) => ({
    shrinkage: shrinkage * unit,
    collector: createNeighbourCollector(itemCount, neighbours),
  }));
  const addItem = createRowFiller(interactions, collectors);
  for (let item = 0; item < itemCount; item++) {
    addItem(item);
    if (item % 256 === 255) {
      onProgress?.(item + 1, itemCount);
      await pause("item-knn", signal);
    }
  }
  return collectors.map(({ collector }) => collector.table());
}

/** Adds the similarities of one item to each table. */
function createRowFiller(
  interactions: Interactions,
  collectors: readonly { readonly shrinkage: number; readonly collector: NeighbourCollector }[],
): (item: number) => void {
  const coOccurrences = createCoOccurrences(interactions);
  const { norms } = coOccurrences;
  // Of the items of one row, in their order there.
  const products = new Float64Array(interactions.itemCount);
  const lengths = new Float64Array(interactions.itemCount);
  const similarities = new Float64Array(interactions.itemCount);
  return (item) => {
    const { items, sums } = coOccurrences.row(item);
    const norm = norms[item]!;
    for (let at = 0; at < items.length; at++) {
      products[at] = sums[items[at]!]!;
      lengths[at] = norm * norms[items[at]!]!;
    }
    for (const { shrinkage, collector } of collectors) {
      for (let at = 0; at < items.length; at++) similarities[at] = products[at]! / (lengths[at]! + shrinkage);
      collector.addSome(item, items, similarities);
    }
  };
}
