/** A person's history as a request to an artifact. */
import type { RecommendRequest } from "@attune/contracts";
import type { Personalizer } from "@attune/runtime";
import type { UserHistory } from "./histories.ts";

/** What the artifact takes of a history. Longer ones than it allows keep their newest entries. */
export function toRequest(
  { ids, weights, times, features = {} }: UserHistory,
  k: number,
  { manifest }: Personalizer,
): RecommendRequest {
  const from = Math.max(0, ids.length - manifest.limits.maxHistory);
  const takesTime = manifest.signature.inputs.some(({ name }) => name === "history_time");
  const history = ids.slice(from).map((item, index) => {
    const entry = { item, weight: weights[from + index]! };
    return takesTime ? { ...entry, time: times[from + index]! } : entry;
  });
  const known = manifest.inputs.map(({ name }) => [name, features[name] ?? null] as const);
  return { history, k, ...(known.length > 0 && { features: Object.fromEntries(known) }) };
}
