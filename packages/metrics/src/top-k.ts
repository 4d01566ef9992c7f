/** Selection of the best `k` scores: the one rule that trainer, graph and runtimes share. */
import { AttuneError } from "@attune/contracts";

/**
 * The indexes of the `k` best scores, best first.
 *
 * The rule, word for word that of the exported graph (ONNX `TopK`, largest, sorted, on masked scores): higher score
 * first; equal scores in the order of their index, lower first (+0 equals −0); an item that is masked, −∞ or NaN is
 * never returned. So the result is shorter than `k` when fewer items can be shown.
 * Time O(n log k), memory O(k), plus O(n) when `masked` holds indexes.
 *
 * @param scores - `[items]` any floats.
 * @param k - length of the list, an integer ≥ 1.
 * @param masked - what must not be returned: a `Uint8Array` is `[items]` flags (not 0 = masked); an `Int32Array` is a
 *   list of item indexes in any order, repeats allowed, indexes outside `[0, items)` ignored (−1 = unknown item).
 * @returns `[≤ min(k, items)]` item indexes.
 * @throws {AttuneError} `METRICS_ARGUMENT` for a bad `k`; `METRICS_SHAPE` when flags and scores differ in length.
 */
export function topK(scores: Float32Array, k: number, masked?: Uint8Array | Int32Array): Int32Array {
  if (!Number.isInteger(k) || k < 1) {
    throw new AttuneError("METRICS_ARGUMENT", { what: "k", expected: "an integer ≥ 1", actual: String(k) });
  }
  const flags = maskFlags(scores.length, masked);
  const size = Math.min(k, scores.length);
  // A binary heap of item indexes with the worst of the kept ones at its root.
  const heap = new Int32Array(size);
  let count = 0;
  for (let item = 0; item < scores.length; item++) {
    const score = scores[item]!;
    // False for NaN too.
    if (!(score > -Infinity) || (flags !== undefined && flags[item] !== 0)) continue;
    if (count < size) siftUp(heap, count++, item, scores);
    // Items come by rising index, so an equal score is worse than the root.
    else if (score > scores[heap[0]!]!) siftDown(heap, count, item, scores);
  }
  // Takes the worst off the root again and again: fills the list from its end.
  for (let end = count - 1; end > 0; end--) {
    const worst = heap[0]!;
    siftDown(heap, end, heap[end]!, scores);
    heap[end] = worst;
  }
  return count === size ? heap : heap.slice(0, count);
}

function maskFlags(itemCount: number, masked: Uint8Array | Int32Array | undefined): Uint8Array | undefined {
  if (masked === undefined) return undefined;
  if (masked instanceof Uint8Array) {
    if (masked.length === itemCount) return masked;
    throw new AttuneError("METRICS_SHAPE", {
      what: "masked",
      expected: `[${itemCount}]`,
      actual: `[${masked.length}]`,
    });
  }
  const flags = new Uint8Array(itemCount);
  for (const item of masked) if (item >= 0 && item < itemCount) flags[item] = 1;
  return flags;
}

function isWorse(a: number, b: number, scores: Float32Array): boolean {
  const difference = scores[a]! - scores[b]!;
  // Two +∞ differ by NaN: equal.
  return difference < 0 || (!(difference > 0) && a > b);
}

function siftUp(heap: Int32Array, at: number, item: number, scores: Float32Array): void {
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isWorse(item, heap[parent]!, scores)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = item;
}

/** Puts `item` in place of the root of the first `count` entries. */
function siftDown(heap: Int32Array, count: number, item: number, scores: Float32Array): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= count) break;
    if (child + 1 < count && isWorse(heap[child + 1]!, heap[child]!, scores)) child++;
    if (!isWorse(heap[child]!, item, scores)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = item;
}
