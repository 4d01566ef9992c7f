/** Keys of earlier versions of the config, each with what to write now: an old file is told how to change, not only that it is wrong. */

interface FormerKey {
  readonly path: readonly string[];
  readonly change: string;
}

const formerKeys: readonly FormerKey[] = [
  { path: ["data", "items", "extra"], change: "is data.items.show since version 2; rename it" },
];

/** What a config of the version before must look at, besides keys that have another name. */
export const formerMeanings: readonly string[] = [
  "data.split: default is global-time where the events have a time, else random; the split comes before every other rule",
  "data.rules.duplicates: no event is dropped any more; it says what repeats weigh together",
  "data.rules.minUserEvents, minItemEvents: count different items and people in the train events alone",
  "train.models: default is every trainer of the task; leave it out unless some are meant",
  "version: set it to 2",
];

/** One line per key that only an earlier version had. */
export function findFormerKeys(input: unknown): readonly string[] {
  return formerKeys.flatMap(({ path, change }) =>
    hasPath(input, path) ? [`${path.join(".")}: ${change}`] : [],
  );
}

function hasPath(input: unknown, path: readonly string[]): boolean {
  let at: unknown = input;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !(key in at)) return false;
    at = (at as Record<string, unknown>)[key];
  }
  return true;
}
