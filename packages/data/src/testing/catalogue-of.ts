/** A loaded catalogue as plain objects, in the order of its arrays. */
import type { Catalogue, Interactions } from "@attune/contracts";
import { type NaiveCatalogue, roleOfCode } from "./naive-prepare.ts";

export function catalogueOf(
  { events, userIds, itemIds }: Catalogue & { readonly events: Interactions },
  roles?: Uint8Array,
): NaiveCatalogue {
  const list = userIds.flatMap((user, u) =>
    Array.from({ length: events.offsets[u + 1]! - events.offsets[u]! }, (_, place) => {
      const at = events.offsets[u]! + place;
      const [item, weight, time] = [events.items[at]!, events.weights[at]!, events.times[at]!];
      return { user, item, weight, time, ...(roles && { role: roleOfCode.get(roles[at]!)! }) };
    }),
  );
  return { userIds, itemIds, events: list };
}
