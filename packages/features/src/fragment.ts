/** What a fitted model and the encoder agree on. `train` makes fragments, `export` wraps them. */
import type { GraphBuilder, Value } from "@attune/onnx";

/** A history after the encoder: ids are indexes, unknown ids and padding count nothing, repeats are one. */
export interface EncodedHistory {
  /** int64 `[batch, length]` item index; 0 where the entry does not count. */
  readonly index: Value;
  /** float32 `[batch, length]` weight; 0 where the entry does not count. Repeats of an item share its largest weight. */
  readonly weight: Value;
}

/** A model's graph from encoded history to scores of the whole catalogue. */
export interface Fragment {
  readonly itemCount: number;
  /** Bytes of its constants. */
  readonly bytes: number;
  /** Appends the model's nodes; returns float32 `[batch, items]`, higher is better. */
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
   * @param items - `[length]` distinct item indexes.
   * @param weights - `[length]` weights > 0.
   * @returns `[items]` float32.
   */
  score(items: Int32Array, weights: Float32Array): Float32Array;
}
