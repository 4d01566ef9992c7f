/** The rule that keeps people out of golden rows. */
import type { Crowd } from "./people.ts";

export interface DisclosureRule {
  /**
   * Whether a history says nothing of any one person: with three distinct items or more, nobody had them all; with one or
   * two, nobody did or several people. Ids that the catalogue does not have count nothing.
   */
  isAnonymous(ids: readonly string[]): boolean;
  /** The longest beginning of at most two distinct items that is anonymous, else the first item alone. */
  shorten(ids: readonly string[]): readonly string[];
}

export function createDisclosureRule(crowd: Crowd, itemIds: readonly string[]): DisclosureRule {
  const indexOf = new Map(itemIds.map((id, index) => [id, index]));

  function isAnonymous(ids: readonly string[]): boolean {
    const items = [...new Set(ids.flatMap((id) => indexOf.get(id) ?? []))];
    return items.length > 2 ? crowd.countHolders(items, 1) === 0 : crowd.countHolders(items, 2) !== 1;
  }

  return {
    isAnonymous,
    shorten(ids) {
      const two = [...new Set(ids)].slice(0, 2);
      return isAnonymous(two) ? two : two.slice(0, 1);
    },
  };
}
