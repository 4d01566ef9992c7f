/** Sizes of interactions, and the one scale that makes regularisation independent of the weights' unit. */
import type { Interactions } from "@attune/contracts";
import type { RecommendShape } from "@attune/train";

const dayMs = 86_400_000;

/** What trainers plan with. Users without events are not counted. */
export function measureShape(
  interactions: Interactions,
): Pick<RecommendShape, "userCount" | "itemCount" | "eventCount" | "spanDays"> {
  const { userCount, itemCount, offsets, items, times } = interactions;
  let activeUsers = 0;
  for (let user = 0; user < userCount; user++) if (offsets[user + 1]! > offsets[user]!) activeUsers += 1;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const spanDays = times.length === 0 ? 0 : (last - first) / dayMs;
  return { userCount: activeUsers, itemCount, eventCount: items.length, spanDays };
}

/** Mean of the squared weights; 1 for unit weights and for no events. */
export function meanSquaredWeight(interactions: Interactions): number {
  const { weights } = interactions;
  let sum = 0;
  for (const weight of weights) sum += weight * weight;
  return weights.length === 0 || sum === 0 ? 1 : sum / weights.length;
}
