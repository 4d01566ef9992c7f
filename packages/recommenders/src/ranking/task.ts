/** Who is ranked on a split, what the model is shown of them, and what it should find. */
import { type Dataset, type EventRole, eventRole, type Interactions } from "@attune/contracts";
import { selectRoles } from "../interactions/by-role.ts";

export type RankedSplit = "validation" | "test";

export interface RankingTask {
  readonly split: RankedSplit;
  /** User indexes with at least one target, rising. */
  readonly users: Int32Array;
  /** What is known of each user; items of it are never ranked. */
  readonly history: Interactions;
  /** `[users of the dataset]` item indexes to find; −1 for an item outside the catalogue. */
  readonly targets: readonly Int32Array[];
  /** `[items]` events the models were fitted on, for novelty and for head and tail. */
  readonly fitCounts: Int32Array;
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

/** The events that models are fitted on before they rank a split. */
export function selectFitEvents(dataset: Dataset, split: RankedSplit): Interactions {
  return selectRoles(dataset, splitRoles[split].fit);
}

export function createRankingTask(dataset: Dataset, split: RankedSplit): RankingTask {
  const { userCount, itemCount, offsets, items } = dataset.events;
  const code = eventRole[splitRoles[split].target];
  const targets = Array.from({ length: userCount }, (_, user) =>
    items.subarray(offsets[user]!, offsets[user + 1]!).filter((_item, e) => {
      return dataset.roles[offsets[user]! + e] === code;
    }),
  );
  const fitCounts = new Int32Array(itemCount);
  for (const item of selectFitEvents(dataset, split).items) fitCounts[item]! += 1;
  return {
    split,
    users: Int32Array.from(targets.keys()).filter((user) => targets[user]!.length > 0),
    history: selectRoles(dataset, splitRoles[split].history),
    targets,
    fitCounts,
  };
}
