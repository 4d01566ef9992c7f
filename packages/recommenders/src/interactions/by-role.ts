/** The part of a dataset that one step may see. Fitting and ranking both take their events from here. */
import { type Dataset, type EventRole, eventRole, type Interactions } from "@attune/contracts";

/** The known-item events of the given roles, as interactions over the same users and items. */
export function selectRoles(dataset: Dataset, roles: readonly EventRole[]): Interactions {
  const { userCount, itemCount, offsets, items, weights, times } = dataset.events;
  const wanted = new Set(roles.map((role) => eventRole[role] as number));
  const kept: number[] = [];
  const selectedOffsets = new Int32Array(userCount + 1);
  for (let user = 0; user < userCount; user++) {
    for (let e = offsets[user]!; e < offsets[user + 1]!; e++) {
      if (items[e]! >= 0 && wanted.has(dataset.roles[e]!)) kept.push(e);
    }
    selectedOffsets[user + 1] = kept.length;
  }
  return {
    userCount,
    itemCount,
    offsets: selectedOffsets,
    items: Int32Array.from(kept, (e) => items[e]!),
    weights: Float32Array.from(kept, (e) => weights[e]!),
    times: Float64Array.from(kept, (e) => times[e]!),
  };
}
