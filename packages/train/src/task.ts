/** What a task is to training: its data at each stage, its size, and how a fitted model is judged. Families bring the values. */
import type {
  Column,
  ColumnSchema,
  CreateSession,
  Dataset,
  Interactions,
  Table,
  TaskName,
} from "@attune/contracts";
import type { ExportConfig, TrainConfig } from "@attune/contracts/config";
import type { Estimate, TrainingManifest } from "@attune/contracts/manifest";
import type { FittedModel } from "./model.ts";
import type { Need } from "./need.ts";

/** What a recommender is fitted on. */
export interface RecommendData {
  /** Each item once per user, rising by item: the view of a model that knows no order. */
  readonly distinct: Interactions;
  /** As it happened, with repeats. */
  readonly ordered: Interactions;
  /** False where the source has no time: every `times` entry is 0. */
  readonly hasTime: boolean;
  /** `[items]` */
  readonly itemFeatures?: Table;
  /** `[users]` */
  readonly userFeatures?: Table;
}

/** What a model of rows is fitted on. */
export interface RowData {
  /** The features. */
  readonly table: Table;
  /** `[rows]` never missing. */
  readonly target: Column;
  /** `[rows]` rows that belong together. */
  readonly groups?: Int32Array;
  /** Columns that nest, widest first; hierarchical only. */
  readonly levels?: readonly string[];
}

export interface DataByTask {
  readonly recommend: RecommendData;
  readonly classify: RowData;
  readonly regress: RowData;
  readonly hierarchical: RowData;
}

export type Data<T extends TaskName> = DataByTask[T];

/** The size of interactions; known before anything is fitted. */
export interface RecommendShape {
  /** People with an event. */
  readonly userCount: number;
  readonly itemCount: number;
  readonly eventCount: number;
  /** Newest minus oldest event in days; 0 where the source has no time. */
  readonly spanDays: number;
  readonly hasTime: boolean;
  readonly itemFeatures: readonly ColumnSchema[];
  readonly userFeatures: readonly ColumnSchema[];
}

export interface RowShape {
  readonly rowCount: number;
  readonly columns: readonly ColumnSchema[];
  /** Classes of a category target; 0 for a number. */
  readonly classCount: number;
}

export interface ShapeByTask {
  readonly recommend: RecommendShape;
  readonly classify: RowShape;
  readonly regress: RowShape;
  readonly hierarchical: RowShape;
}

export type Shape<T extends TaskName> = ShapeByTask[T];

/** What a model is told of the columns besides its weights: how raw values became codes. Saved beside the weights. */
export interface FeatureSchema {
  /** Columns that a request may send: of the row, or of the user. */
  readonly columns: readonly ColumnSchema[];
  /** Classes of a category target, in code order; empty otherwise. */
  readonly classes: readonly string[];
  /** Columns that nest, widest first; empty otherwise. */
  readonly levels: readonly string[];
}

/** What data a fit may see. */
export type Stage = "search" | "refit" | "release";

/** On what a fitted model is judged. */
export type JudgedSplit = "validation" | "test";

/** A name, and which way is better. Figures are means over units, or statistics of all of them. */
export interface Metric {
  readonly name: string;
  readonly better: "higher" | "lower";
}

/** Units of one kind, with figures of their own. */
export interface EvaluationSlice {
  readonly unitCount: number;
  /** Metric → `[units of the slice]`. */
  readonly perUnit: Readonly<Record<string, Float64Array>>;
}

/** A model's figures on some units. */
export interface Evaluation {
  /** Units in an order that depends on the split alone. */
  readonly units: Int32Array;
  /** Metric → `[units]`; means of it are reported, differences of it decide. */
  readonly perUnit: Readonly<Record<string, Float64Array>>;
  /**
   * Figures of all answers together (coverage, AUC), with an interval where the task has one for them. Computed when
   * asked for: resampling them may take longer than judging.
   */
  statistics(): Readonly<Record<string, Estimate>>;
  readonly slices: Readonly<Record<string, EvaluationSlice>>;
}

export interface JudgeOptions<T extends TaskName> {
  readonly split: JudgedSplit;
  /** Which of the split's units; all of `units(dataset, split)` or some. */
  readonly units: Int32Array;
  /** The baseline of the same stage: what is answered where a model has nothing to go by. */
  readonly baseline: FittedModel<T>;
  readonly train: TrainConfig<T>;
  readonly seed: number;
  readonly createSession: CreateSession;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/** Everything training must know of a task. A task is a value; it arrives with its trainers. */
export interface Task<T extends TaskName> {
  readonly name: T;
  /** What figures are means over. */
  unit(dataset: Dataset<T>): "user" | "row" | "group";
  /** Metrics that may decide with this config. */
  metrics(train: TrainConfig<T>): readonly Metric[];
  /** Bytes that a model's weights should shrink to; absent where the task has no such budget. */
  sizeBudget(exportConfig: ExportConfig<T>): number | undefined;
  /** What may be fitted at a stage: train · train and validation · everything. */
  select(dataset: Dataset<T>, stage: Stage): Data<T>;
  shape(data: Data<T>): Shape<T>;
  schema(data: Data<T>): FeatureSchema;
  /** What data of this shape lacks of a need, and what to do, as a line; nothing when it has it. */
  lacks(shape: Shape<T>, need: Need): string | undefined;
  /** Counts for the manifest. */
  counts(data: Data<T>): TrainingManifest<T>["measured"];
  /** Bytes that the file holds besides the weights: ids, levels. */
  sharedBytes(dataset: Dataset<T>): number;
  /** Units with something to find, rising. */
  units(dataset: Dataset<T>, split: JudgedSplit): Int32Array;
  /** Runs the fragment that would be shipped on the split's units. */
  judge(model: FittedModel<T>, dataset: Dataset<T>, options: JudgeOptions<T>): Promise<Evaluation>;
}
