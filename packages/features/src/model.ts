/** A fitted model as `export` sees it, by task: its fragment, and the same answers in plain TypeScript. */
import type { RawValue, Table, TaskName } from "@attune/contracts";
import type { FragmentByTask } from "./fragment.ts";

interface ModelOf<T extends TaskName> {
  readonly kind: string;
  /** One sentence for the model card. */
  readonly description: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly fragment: FragmentByTask[T];
}

/** What a recommender may ask to know besides the distinct history. */
export interface ScoreContext {
  /** `[length]` the history as it happened, repeats kept; given to fragments that need order or time. */
  readonly ordered?: {
    readonly items: Int32Array;
    readonly weights: Float32Array;
    /** Seconds before the newest entry. */
    readonly ages: Float32Array;
  };
  /** User and context columns by name. */
  readonly columns?: Readonly<Record<string, RawValue>>;
}

export interface RecommendModel extends ModelOf<"recommend"> {
  /**
   * The trainer's own scores, in plain TypeScript and independent of the graph: the reference for parity.
   *
   * @param items - `[length]` distinct item indexes; rising when the answer is to be held against the graph, which
   * adds up in that order.
   * @param weights - `[length]` weights > 0.
   * @returns `[items]` float32.
   */
  score(items: Int32Array, weights: Float32Array, context?: ScoreContext): Float32Array;
}

export interface ClassifyModel extends ModelOf<"classify"> {
  /** `[rows, classes]` probabilities of the rows of a table with the fragment's columns. */
  predict(rows: Table): Float64Array;
}

export interface RegressModel extends ModelOf<"regress"> {
  /** `[rows]` each. */
  predict(rows: Table): {
    readonly value: Float64Array;
    readonly lower?: Float64Array;
    readonly upper?: Float64Array;
  };
}

export interface HierarchicalModel extends ModelOf<"hierarchical"> {
  /** `[rows, draws]` of the posterior prediction. */
  predict(rows: Table): Float64Array;
}

export interface ModelByTask {
  readonly recommend: RecommendModel;
  readonly classify: ClassifyModel;
  readonly regress: RegressModel;
  readonly hierarchical: HierarchicalModel;
}

export type ScoringModel<T extends TaskName = TaskName> = ModelByTask[T];
