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
  const selectedOffsets = new Int32Array(userCount + 1);
  const kept = new Int32Array(items.length);
  let count = 0;
  for (let user = 0; user < userCount; user++) {
    for (let e = offsets[user]!; e < offsets[user + 1]!; e++) {
      if (items[e]! >= 0 && isWanted[roleOf[e]!] === 1) kept[count++] = e;
    }
    selectedOffsets[user + 1] = count;
  }
  const selected = kept.subarray(0, count);
  return {
    userCount,
    itemCount,
    offsets: selectedOffsets,
    items: Int32Array.from(selected, (e) => items[e]!),
    weights: Float32Array.from(selected, (e) => weights[e]!),
    times: Float64Array.from(selected, (e) => times[e]!),
  };
}
