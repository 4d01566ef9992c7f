/** The dataset in memory, as `data` loads it and `train` reads it. */
import type { DatasetManifest } from "./manifest/dataset.ts";

/**
 * What an event is for. Codes are stored in `events.parquet`, column `role`.
 *
 * Users of a by-user split are held out whole: their earlier events are only shown to the model as history.
 */
export const eventRole = {
  /** Fit on it; it is also history. */
  train: 0,
  /** Ranked when hyperparameters are chosen; fit on afterwards, and history for the test. */
  validation: 1,
  /** Ranked once, at the end. Never fitted on, never history. */
  test: 2,
  /** History of a held-out validation user: shown, not fitted on until the refit. */
  validationHistory: 3,
  /** History of a held-out test user: shown, never fitted on. */
  testHistory: 4,
} as const;

export type EventRole = keyof typeof eventRole;

/**
 * Events as compressed rows: the events of user `u` are at `[offsets[u], offsets[u + 1])`, oldest first,
 * ties in time by item index; in file order where the source has no time.
 */
export interface Interactions {
  readonly userCount: number;
  readonly itemCount: number;
  /** `[users + 1]` */
  readonly offsets: Int32Array;
  /** `[events]` item index, or −1 for an item without a train event. */
  readonly items: Int32Array;
  /** `[events]` weight > 0, after event-type weights, duplicates rule and time decay. */
  readonly weights: Float32Array;
  /** `[events]` epoch milliseconds; 0 where the source has no time. */
  readonly times: Float64Array;
}

/** A prepared dataset: clean, indexed and split. */
export interface Dataset {
  readonly manifest: DatasetManifest;
  readonly events: Interactions;
  /** `[events]` one code of `eventRole` per event. */
  readonly roles: Uint8Array;
  /** `[items]` id per item index. Index 0 is the most frequent item of the train events; ties by id. */
  readonly itemIds: readonly string[];
  /** `[users]` id per user index. */
  readonly userIds: readonly string[];
  /** `[items]` what a person reads: title and any further columns; absent when the config names no items file. */
  readonly itemDetails?: readonly ItemDetails[];
}

/** Display columns of one item. Never an input of the model. */
export interface ItemDetails {
  readonly id: string;
  readonly title: string;
  /** Further columns by name, as strings (`genres`, `year`, …). */
  readonly [column: string]: string;
}
