/** A rectangular table of each item's heaviest neighbours: what neighbour models save, ship and score with. */
import type { Tensor } from "@attune/contracts";
import type { Tensors } from "@attune/train";

export interface NeighbourTable {
  readonly itemCount: number;
  readonly neighboursPerItem: number;
  /** `[items, neighbours]` target item per source item, heaviest |weight| first, ties by lower item index. */
  readonly indexes: Int32Array;
  /** `[items, neighbours]`. Missing neighbours are the item itself with weight 0. */
  readonly weights: Float32Array;
}

/** int32 index + float32 weight. */
export const bytesPerNeighbour = 8;

/** How many neighbours per item fit a number of bytes; at least 1. */
export function neighboursWithin(bytes: number, itemCount: number): number {
  return Math.max(1, Math.floor(bytes / (bytesPerNeighbour * itemCount)));
}

/** Bytes of a table of so many neighbours, shrunk to a budget. */
export function projectTableBytes(itemCount: number, neighbours: number, budgetBytes: number): number {
  const kept = Math.min(neighbours, itemCount - 1, neighboursWithin(budgetBytes, itemCount));
  return itemCount * Math.max(1, kept) * bytesPerNeighbour;
}

/** The first columns of the table: rows are sorted, so these are the heaviest neighbours. */
export function pruneTable(table: NeighbourTable, neighboursPerItem: number): NeighbourTable {
  const before = table.neighboursPerItem;
  if (neighboursPerItem >= before) return table;
  const indexes = new Int32Array(table.itemCount * neighboursPerItem);
  const weights = new Float32Array(indexes.length);
  for (let item = 0; item < table.itemCount; item++) {
    const from = item * before;
    indexes.set(table.indexes.subarray(from, from + neighboursPerItem), item * neighboursPerItem);
    weights.set(table.weights.subarray(from, from + neighboursPerItem), item * neighboursPerItem);
  }
  return { itemCount: table.itemCount, neighboursPerItem, indexes, weights };
}

export function tableTensors(table: NeighbourTable): Tensors {
  const dims = [table.itemCount, table.neighboursPerItem];
  return {
    neighbours: { dtype: "int32", dims, data: table.indexes },
    weights: { dtype: "float32", dims, data: table.weights },
  };
}

export function tableFromTensors(tensors: Tensors): NeighbourTable {
  const indexes = tensors.neighbours as Tensor<"int32">;
  const weights = tensors.weights as Tensor<"float32">;
  const [itemCount = 0, neighboursPerItem = 0] = indexes.dims;
  return { itemCount, neighboursPerItem, indexes: indexes.data, weights: weights.data };
}
