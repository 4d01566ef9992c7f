/** What the encoder hands a model's graph, and what the graph hands back, by task. Families make fragments, `export` wraps them. */
import type { ColumnKind } from "@attune/contracts";
import type { GraphBuilder, Value } from "@attune/onnx";

/** A history after the encoder: ids are indexes, unknown ids and padding count nothing, repeats are one. */
export interface EncodedHistory {
  /** int64 `[batch, length]` item index, rising in each row; a valid index also where the weight is 0. */
  readonly index: Value;
  /**
   * float32 `[batch, length]` weight ≥ 0, finite; 0 where the entry does not count. Of an item's repeats one carries
   * their weight by the data's rule and the others 0, so sums, norms and counts over `length` are those of distinct items.
   */
  readonly weight: Value;
  /**
   * float32 `[batch, items]` popularity in the rows whose weights are all 0, and 0 in the others. A fragment that adds
   * its scores to this tensor, and says so (`addsToBase`), spares the graph a pass over the catalogue.
   */
  readonly base?: Value;
}

/**
 * The same history as it happened, for models that know order. Entries that do not count are moved to the front, where
 * there is always at least one: the newest entry of an empty history is one of weight 0.
 */
export interface OrderedHistory {
  /** int64 `[batch, entries]` item index, oldest first, repeats kept; 0 where `weight` is 0. */
  readonly index: Value;
  /** float32 `[batch, entries]` weight of the entry; 0 in front of the first one. */
  readonly weight: Value;
  /** float32 `[batch, entries]` seconds before the newest entry, ≥ 0; present for fragments that need time. */
  readonly age?: Value;
}

/** Columns after the encoder, by name. */
export type EncodedColumns = Readonly<Record<string, EncodedColumn>>;

export type EncodedColumn =
  | { readonly kind: "number" /** float32 `[batch, 1]`, NaN where missing. */; readonly value: Value }
  | {
      readonly kind: "category";
      /** int64 `[batch, 1]` level; −1 for a value that train never had, −2 where missing. */
      readonly code: Value;
    }
  | { readonly kind: "set" /** int64 `[batch, n]` levels, −1 unknown, −2 padding. */; readonly codes: Value }
  | { readonly kind: "text" /** string `[batch, 1]`, `""` where missing. */; readonly value: Value };

/** What a fragment asks of the encoder besides the distinct history. */
export type HistoryNeed = "order" | "time";

/** A raw column that a model reads. */
export interface ColumnUse {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Levels in the order of the codes the model was fitted with. */
  readonly levels?: readonly string[];
}

export interface RecommendInputs {
  readonly history: EncodedHistory;
  /** Present when the fragment needs order or time. */
  readonly ordered?: OrderedHistory;
  /** The columns the fragment names; empty for most. */
  readonly columns: EncodedColumns;
}

/** A model's graph from encoded history to scores of the whole catalogue. */
export interface RecommendFragment {
  readonly itemCount: number;
  /** Bytes of its constants. */
  readonly bytes: number;
  /** Default: neither. */
  readonly needs?: readonly HistoryNeed[];
  /** User and context columns it reads. Default: none. */
  readonly columns?: readonly ColumnUse[];
  /**
   * True when `build` returns `history.base` plus scores that are 0 for an empty history (sums over neighbours).
   * Default false: popularity is put in afterwards.
   */
  readonly addsToBase?: boolean;
  /** True when its scores are the same for everyone: such an answer is never said to come from a model. Default false. */
  readonly isImpersonal?: boolean;
  /** Appends the model's nodes; returns float32 `[batch, items]`, higher is better, finite. */
  build(graph: GraphBuilder, inputs: RecommendInputs): Value;
}

/** What the fragments of row-wise tasks share. */
interface RowFragment<Output> {
  /** Bytes of its constants. */
  readonly bytes: number;
  /** The columns it reads, each a graph input. */
  readonly columns: readonly ColumnUse[];
  build(graph: GraphBuilder, columns: EncodedColumns): Output;
}

/** Returns float32 `[batch, classes]` probabilities that sum to 1. */
export interface ClassifyFragment extends RowFragment<Value> {
  readonly classes: readonly string[];
}

/** Returns float32 `[batch, 1]` each; bounds where the model has them. */
export type RegressFragment = RowFragment<{
  readonly value: Value;
  readonly lower?: Value;
  readonly upper?: Value;
}>;

/** Returns float32 `[batch, draws]` of the posterior prediction. */
export interface HierarchicalFragment extends RowFragment<Value> {
  /** The category columns that nest, widest first; a code below 0 means: answer with the parent. */
  readonly levels: readonly string[];
  readonly drawCount: number;
}

export interface FragmentByTask {
  readonly recommend: RecommendFragment;
  readonly classify: ClassifyFragment;
  readonly regress: RegressFragment;
  readonly hierarchical: HierarchicalFragment;
}
