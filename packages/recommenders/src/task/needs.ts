/** What a trainer of recommenders may need of the data, and how a config brings it. */
import type { Need, RecommendShape } from "@attune/train";

const lines: Readonly<Record<Need, string>> = {
  // The order of the file is the order where there is no time.
  order: "needs events in order",
  time: "needs a time of every event; map it under data.events.columns.time",
  itemFeatures: "needs attributes of items; name them under data.items.features",
  userFeatures: "needs attributes of users; name them under data.users.features",
};

const serves: Readonly<Record<Need, (shape: RecommendShape) => boolean>> = {
  order: () => true,
  time: ({ hasTime }) => hasTime,
  itemFeatures: ({ itemFeatures }) => itemFeatures.length > 0,
  userFeatures: ({ userFeatures }) => userFeatures.length > 0,
};

/** A line when the data lacks what is needed. */
export function describeLack(shape: RecommendShape, need: Need): string | undefined {
  return serves[need](shape) ? undefined : lines[need];
}
