/** The split of a config that names none. */
import type { RecommendDataConfig, SplitConfig } from "@attune/contracts/config";

/** `global-time` where events have a time, since that is how a model is used; else `random`. A tenth each. */
export function resolveSplit({ split, events }: RecommendDataConfig): SplitConfig {
  if (split !== undefined) return split;
  return { kind: events.columns.time === undefined ? "random" : "global-time", validation: 0.1, test: 0.1 };
}
