/** The model that a neighbour table is, whichever trainer filled it. */
import type { FittedModel, Hyperparameters } from "@attune/train";
import { createTableFragment } from "./fragment.ts";
import { type NeighbourTable, neighboursWithin, pruneTable, tableTensors } from "./table.ts";

export interface NeighbourModelOptions {
  readonly kind: string;
  /** What the weights are, as one sentence without its full stop. */
  readonly description: string;
  readonly hyperparameters: Hyperparameters;
  readonly table: NeighbourTable;
}

/** Keeps so many neighbours of each item; shrinking keeps the heaviest, at least one. */
export interface NeighbourModel extends FittedModel<"recommend"> {
  readonly neighboursPerItem: number;
  shrinkTo(bytes: number): NeighbourModel;
}

export function createNeighbourModel(options: NeighbourModelOptions): NeighbourModel {
  const { kind, hyperparameters, table } = options;
  const { itemCount, neighboursPerItem } = table;
  const kept = `${neighboursPerItem} ${neighboursPerItem === 1 ? "neighbour" : "neighbours"} per item`;
  return {
    kind,
    description: `${options.description}; ${kept}.`,
    hyperparameters,
    fragment: createTableFragment(table),
    neighboursPerItem,
    kept,
    score: (items, weights) => scoreByTable(table, items, weights),
    tensors: () => tableTensors(table),
    shrinkTo(bytes) {
      const pruned = pruneTable(table, neighboursWithin(bytes, itemCount));
      return pruned === table ? this : createNeighbourModel({ ...options, table: pruned });
    },
  };
}

/** Adds in float32, in the order of the graph: history by history, heaviest neighbour first. */
function scoreByTable(table: NeighbourTable, items: Int32Array, weights: Float32Array): Float32Array {
  const scores = new Float32Array(table.itemCount);
  for (let h = 0; h < items.length; h++) {
    const weight = weights[h]!;
    const start = items[h]! * table.neighboursPerItem;
    for (let n = start; n < start + table.neighboursPerItem; n++) {
      scores[table.indexes[n]!]! += Math.fround(table.weights[n]! * weight);
    }
  }
  return scores;
}
