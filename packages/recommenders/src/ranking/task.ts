/** Who is ranked on a split, what the model is shown of them, and what it should find. */
import {
  type DuplicateRule,
  distinctInteractions,
  type EventRole,
  eventRole,
  type Interactions,
  type MeasuredInteractions,
  type Table,
} from "@attune/contracts";
import { selectRoles } from "../interactions/by-role.ts";

export type RankedSplit = "validation" | "test";

/** Rank some of its users by giving other `users`; nothing else depends on who is ranked. */
export interface RankingTask {
  /** User indexes with at least one target, rising. */
  readonly users: Int32Array;
  /** What is known of each user: each item once, rising by item. */
  readonly history: Interactions;
  /** The same events as they happened, oldest first, with repeats. */
  readonly ordered: Interactions;
  /** `[users of the dataset]` item indexes to find; repeats count once; each −1 is one outside the catalogue. */
  readonly targets: readonly Int32Array[];
  /** `[items]` events the models were fitted on, for novelty and for head and tail. */
  readonly fitCounts: Int32Array;
  /** Whether items of the history are kept out of the lists. */
  readonly hideSeen: boolean;
  /** `[users of the dataset]` columns that models may read. */
  readonly userFeatures?: Table;
}

export interface RankingTaskOptions {
  /** What an item weighs that stands in a history several times. */
  readonly duplicates: DuplicateRule;
  /** `drop`: what a user has met is not listed; `keep`: it may be. */
  readonly repeats: "drop" | "keep";
}

/** What each split shows, asks for and was fitted on. */
const splitRoles = {
  validation: { history: ["train", "validationHistory"], target: "validation", fit: ["train"] },
  test: {
    history: ["train", "validation", "validationHistory", "testHistory"],
    target: "test",
    fit: ["train", "validation", "validationHistory"],
  },
} as const satisfies Record<
  RankedSplit,
  { history: readonly EventRole[]; target: EventRole; fit: readonly EventRole[] }
>;

/** The events that models are fitted on before they rank a split: in their order, with repeats. */
export function selectFitEvents(measured: MeasuredInteractions, split: RankedSplit): Interactions {
  return selectRoles(measured, splitRoles[split].fit);
}

export function createRankingTask(
  measured: MeasuredInteractions,
  split: RankedSplit,
  { duplicates, repeats }: RankingTaskOptions,
): RankingTask {
  const ordered = selectRoles(measured, splitRoles[split].history);
  const targets = selectTargets(measured, eventRole[splitRoles[split].target]);
  const fitCounts = new Int32Array(measured.events.itemCount);
  for (const item of selectFitEvents(measured, split).items) fitCounts[item]! += 1;
  return {
    users: Int32Array.from(targets.keys()).filter((user) => targets[user]!.length > 0),
    history: distinctInteractions(ordered, duplicates),
    ordered,
    targets,
    fitCounts,
    hideSeen: repeats === "drop",
    ...(measured.userFeatures && { userFeatures: measured.userFeatures }),
  };
}

function selectTargets({ events, roles }: MeasuredInteractions, role: number): Int32Array[] {
  const { userCount, offsets, items } = events;
  return Array.from({ length: userCount }, (_, user) => {
    const start = offsets[user]!;
    return items.subarray(start, offsets[user + 1]!).filter((_item, e) => roles[start + e] === role);
  });
}
