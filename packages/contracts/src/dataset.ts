/** Datasets in memory, by task: as `data` loads them and `train` reads them. */
import type { Interactions } from "./interactions.ts";
import type { DatasetManifest } from "./manifest/dataset.ts";
import type { Column, Table } from "./table.ts";
import type { TaskName } from "./task.ts";

/**
 * What an event or a row is for. Codes are stored in column `role`.
 *
 * People who are held out whole, or whose events train dropped, are only shown to the model as history. A test event that
 * repeats what the person had met, where such repeats are dropped, has no role: only the release has it.
 */
export const eventRole = {
  /** Fit on it; it is also history. */
  train: 0,
  /** Ranked or scored when settings and models are chosen; fit on afterwards, and history for the test. */
  validation: 1,
  /** Ranked or scored once, at the end. Never history; fitted on by the release alone. */
  test: 2,
  /** Shown as history on validation and test; fitted on only by the refit and the release. */
  validationHistory: 3,
  /** Shown as history on the test; fitted on only by the release. */
  testHistory: 4,
  /** Shown as history on validation and test: what train dropped, for people or things too rare. Fitted on only by the release, if its own rules keep it. */
  history: 5,
  /** Like validation, but no target: the person had met it before, and the data's rule drops such repeats. */
  validationRepeat: 6,
} as const;

export type EventRole = keyof typeof eventRole;

/** Users, items and their side tables: one catalogue. */
export interface Catalogue {
  /** `[items]` id per item index. Index 0 is the most frequent item of the events it was made from; ties by id. */
  readonly itemIds: readonly string[];
  /** `[users]` id per user index. */
  readonly userIds: readonly string[];
  /** `[items]` what a person reads; absent when the config names no items file. */
  readonly itemDetails?: readonly ItemDetails[];
  /** `[items]` attributes that models may use; levels are those of this catalogue. */
  readonly itemFeatures?: Table;
  /** `[users]` */
  readonly userFeatures?: Table;
}

/** Display columns of one item. Never an input of the model. */
export interface ItemDetails {
  readonly id: string;
  readonly title: string;
  /** Further columns by name, as strings (`genres`, `year`, …). */
  readonly [column: string]: string;
}

/** What the leaderboard is measured on: every rule learned from the train events alone. */
export interface MeasuredInteractions extends Catalogue {
  readonly events: Interactions;
  /** `[events]` one code of `eventRole` per event. */
  readonly roles: Uint8Array;
}

/** What the release is fitted on: all events that pass the rules, and all their items. */
export interface ReleasedInteractions extends Catalogue {
  readonly events: Interactions;
}

export interface RecommendDataset {
  readonly task: "recommend";
  readonly manifest: DatasetManifest<"recommend">;
  readonly measured: MeasuredInteractions;
  readonly released: ReleasedInteractions;
}

/** Rows of features with what is to be predicted. */
export interface TabularData {
  /** The features; the target is not among them. */
  readonly table: Table;
  /** `[rows]` category to classify, number to regress. Never missing. */
  readonly target: Column;
  /** `[rows]` one code of `eventRole` per row: train, validation or test. */
  readonly roles: Uint8Array;
  /** `[rows]` rows of one group (a user, a product) are resampled together; absent when every row stands alone. */
  readonly groups?: Int32Array;
}

/** Rows of one task over named columns. */
interface TabularDataset<T extends TaskName> {
  readonly task: T;
  readonly manifest: DatasetManifest<T>;
  readonly rows: TabularData;
}

export type ClassifyDataset = TabularDataset<"classify">;
export type RegressDataset = TabularDataset<"regress">;

/** Category columns named in `levels` are the group levels, widest first; the others are covariates. */
export interface HierarchicalDataset extends TabularDataset<"hierarchical"> {
  /** Names of the columns that nest: population → first → … → last. */
  readonly levels: readonly string[];
}

export interface DatasetByTask {
  readonly recommend: RecommendDataset;
  readonly classify: ClassifyDataset;
  readonly regress: RegressDataset;
  readonly hierarchical: HierarchicalDataset;
}

/** A prepared dataset: clean, indexed and split. */
export type Dataset<T extends TaskName = TaskName> = DatasetByTask[T];
