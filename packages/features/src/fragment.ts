/** What a fitted model and the encoder agree on. `train` makes fragments, `export` wraps them. */
import type { GraphBuilder, Value } from "@attune/onnx";

/** A history after the encoder: ids are indexes, unknown ids and padding count nothing, repeats are one. */
export interface EncodedHistory {
  /** int64 `[batch, length]` item index, rising in each row; a valid index also where the weight is 0. */
  readonly index: Value;
  /**
   * float32 `[batch, length]` weight ≥ 0, finite; 0 where the entry does not count. Of an item's repeats one carries
   * the largest weight and the others 0, so sums, norms and counts over `length` are those of distinct items.
   */
  readonly weight: Value;
  /**
   * float32 `[batch, items]` popularity in the rows whose weights are all 0, and 0 in the others. A fragment that adds
   * its scores to this tensor, and says so (`addsToBase`), spares the graph a pass over the catalogue.
   */
  readonly base?: Value;
}

/** A model's graph from encoded history to scores of the whole catalogue. */
export interface Fragment {
  readonly itemCount: number;
  /** Bytes of its constants. */
  readonly bytes: number;
  /**
   * True when `build` returns `history.base` plus scores that are 0 for an empty history (sums over neighbours).
   * Default false: popularity is put in afterwards.
   */
  readonly addsToBase?: boolean;
  /** Appends the model's nodes; returns float32 `[batch, items]`, higher is better, finite. */
  build(graph: GraphBuilder, history: EncodedHistory): Value;
}

/** A fitted model as `export` sees it. */
export interface ScoringModel {
  readonly kind: string;
  /** One sentence for the model card. */
  readonly description: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly fragment: Fragment;
  /**
   * The trainer's own scores, in plain TypeScript and independent of the graph: the reference for parity.
   *
   * @param items - `[length]` distinct item indexes; rising when the answer is to be held against the graph, which
   * adds up in that order.
   * @param weights - `[length]` weights > 0.
   * @returns `[items]` float32.
   */
  score(items: Int32Array, weights: Float32Array): Float32Array;
}
