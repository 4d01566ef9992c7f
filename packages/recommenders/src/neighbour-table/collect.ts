/** Builds a neighbour table row by row, so that no items × items matrix is ever held. */
import type { NeighbourTable } from "./table.ts";

export interface NeighbourCollector {
  /**
   * Takes the weights of one source item to every item and keeps the heaviest.
   *
   * @param source - item index; its own weight is ignored.
   * @param row - `[items]`; read at once, so the caller may reuse it.
   */
  add(source: number, row: Float64Array): void;
  /**
   * The same from the items of a row that are not 0.
   *
   * @param items - item indexes in any order, each once.
   * @param weights - the weight of each, at the same place; may be longer.
   */
  addSome(source: number, items: Int32Array, weights: Float64Array): void;
  table(): NeighbourTable;
}

const indexRange = 2 ** 21;

/**
 * @param itemCount - below 2^21, so that a float32 magnitude and an index fit the 53 bits of a number.
 * @param neighboursPerItem - at most `itemCount − 1` are kept (at least one column, for a table that is never empty).
 */
export function createNeighbourCollector(itemCount: number, neighboursPerItem: number): NeighbourCollector {
  const width = Math.max(1, Math.min(neighboursPerItem, itemCount - 1));
  const indexes = new Int32Array(itemCount * width);
  const weights = new Float32Array(itemCount * width);
  const rounded = new Float32Array(itemCount);
  const bits = new Int32Array(rounded.buffer);
  const signed = new Float32Array(itemCount);
  const keys = new Float64Array(itemCount);
  const everyItem = Int32Array.from({ length: itemCount }, (_, item) => item);

  /** Returns how many keys there are. */
  function fillKeys(source: number, items: Int32Array, values: Float64Array): number {
    let count = 0;
    for (let at = 0; at < items.length; at++) rounded[at] = values[at]!;
    for (let at = 0; at < items.length; at++) {
      const item = items[at]!;
      const magnitude = bits[at]! & 0x7fffffff;
      if (item === source || magnitude === 0) continue;
      signed[item] = rounded[at]!;
      // Bits of a positive float32 order as integers do; a lower index wins a tie.
      keys[count++] = magnitude * indexRange + (indexRange - 1 - item);
    }
    return count;
  }

  function addSome(source: number, items: Int32Array, values: Float64Array): void {
    const count = fillKeys(source, items, values);
    const kept = Math.min(width, count);
    if (kept < count) moveLargestFirst(keys, count, kept);
    const top = keys.subarray(0, kept).sort();
    const start = source * width;
    for (let rank = 0; rank < kept; rank++) {
      const key = top[kept - 1 - rank]!;
      const item = indexRange - 1 - (key - Math.floor(key / indexRange) * indexRange);
      indexes[start + rank] = item;
      weights[start + rank] = signed[item]!;
    }
    indexes.fill(source, start + kept, start + width);
    weights.fill(0, start + kept, start + width);
  }

  return {
    add: (source, row) => addSome(source, everyItem, row),
    addSome,
    table: () => ({ itemCount, neighboursPerItem: width, indexes, weights }),
  };
}

/** Quickselect: the `kept` largest of the first `count` keys come first, in any order. Keys are distinct. */
function moveLargestFirst(keys: Float64Array, count: number, kept: number): void {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = keys[(low + high) >>> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (keys[i]! > pivot) i += 1;
      while (keys[j]! < pivot) j -= 1;
      if (i > j) break;
      const moved = keys[i]!;
      keys[i++] = keys[j]!;
      keys[j--] = moved;
    }
    if (kept - 1 <= j) high = j;
    else if (kept - 1 >= i) low = i;
    else return;
  }
}
