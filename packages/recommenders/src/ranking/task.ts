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

export interface RankingTask {
  /** User indexes with at least one target, rising. */
  readonly users: Int32Array;
  /** What is known of each user, each item once, rising by item: what models without order are shown. */
  readonly history: Interactions;
  /** The same as it happened, with repeats. */
  readonly ordered: Interactions;
  /** `[users of the dataset]` item indexes to find; −1 for an item outside the catalogue. */
  readonly targets: readonly Int32Array[];
  /** `[items]` users who met each item in what the models were fitted on, for novelty and for head and tail. */
  readonly fitCounts: Int32Array;
  /** `[users of the dataset]` columns that models may read; absent when there are none. */
  readonly userFeatures?: Table;
  /** Whether items of the history are never ranked. */
  readonly hideSeen: boolean;
}

/** The data's rules that ranking keeps. */
export interface RankingRules {
  readonly duplicates: DuplicateRule;
  readonly repeats: "drop" | "keep";
}

/** What each split shows, asks for and was fitted on. */
const splitRoles = {
  validation: { history: ["train", "history", "validationHistory"], target: "validation", fit: ["train"] },
  test: {
    history: ["train", "history", "validation", "validationRepeat", "validationHistory", "testHistory"],
    target: "test",
    fit: ["train", "validation", "validationRepeat", "validationHistory"],
  },
} as const satisfies Record<
  RankedSplit,
  { history: readonly EventRole[]; target: EventRole; fit: readonly EventRole[] }
>;

/** The events that models are fitted on before they rank a split, in order, with repeats. */
export function selectFitEvents(measured: MeasuredInteractions, split: RankedSplit): Interactions {
  return selectRoles(measured, splitRoles[split].fit);
}

export function createRankingTask(
  measured: MeasuredInteractions,
  split: RankedSplit,
  { duplicates, repeats }: RankingRules,
): RankingTask {
  const { userCount, itemCount, offsets, items } = measured.events;
  const code = eventRole[splitRoles[split].target];
  const targets = Array.from({ length: userCount }, (_, user) =>
    items.subarray(offsets[user]!, offsets[user + 1]!).filter((_item, e) => {
      return measured.roles[offsets[user]! + e] === code;
    }),
  );
  const fitCounts = new Int32Array(itemCount);
  for (const item of distinctInteractions(selectFitEvents(measured, split), duplicates).items) {
    fitCounts[item]! += 1;
  }
  const ordered = selectRoles(measured, splitRoles[split].history);
  return {
    users: Int32Array.from(targets.keys()).filter((user) => targets[user]!.length > 0),
    history: distinctInteractions(ordered, duplicates),
    ordered,
    targets,
    fitCounts,
    ...(measured.userFeatures && { userFeatures: measured.userFeatures }),
    hideSeen: repeats === "drop",
  };
}
