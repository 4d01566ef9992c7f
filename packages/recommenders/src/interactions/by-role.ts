/** The part of a dataset that one step may see. Fitting and ranking both take their events from here. */
import { type EventRole, eventRole, type Interactions, type MeasuredInteractions } from "@attune/contracts";

/** The known-item events of the given roles, in order, as interactions over the same users and items. */
export function selectRoles(
  { events, roles: roleOf }: MeasuredInteractions,
  roles: readonly EventRole[],
): Interactions {
  const { userCount, itemCount, offsets, items, weights, times } = events;
  const isWanted = new Uint8Array(256);
  for (const role of roles) isWanted[eventRole[role]] = 1;
  const selected = {
    offsets: new Int32Array(userCount + 1),
    items: new Int32Array(items.length),
    weights: new Float32Array(items.length),
    times: new Float64Array(items.length),
  };
  let count = 0;
  for (let user = 0; user < userCount; user++) {
    for (let e = offsets[user]!; e < offsets[user + 1]!; e++) {
      if (items[e]! < 0 || isWanted[roleOf[e]!] === 0) continue;
      selected.items[count] = items[e]!;
      selected.weights[count] = weights[e]!;
      selected.times[count++] = times[e]!;
    }
    selected.offsets[user + 1] = count;
  }
  return {
    userCount,
    itemCount,
    offsets: selected.offsets,
    items: selected.items.slice(0, count),
    weights: selected.weights.slice(0, count),
    times: selected.times.slice(0, count),
  };
}
