/** Which items to offer for a first pick. Pure; the demo imports it. */
import type { ItemDetails } from "@attune/contracts";
import { columnValues, type ItemDirectory } from "./details.ts";

/** The column whose values sort items into kinds: the first further one that is not a number (`genres`). */
export function kindColumn(details: ItemDetails): string | undefined {
  return Object.keys(details).find(
    (column) => column !== "id" && column !== "title" && !/^[\d\s.,-]*$/.test(details[column] ?? ""),
  );
}

/** An item's kinds: `["Action", "Sci-Fi"]`; empty without such a column. */
export function kindsOf(id: string, directory: ItemDirectory): readonly string[] {
  const details = directory.get(id);
  if (details === undefined) return [];
  const column = kindColumn(details);
  return column === undefined ? [] : columnValues(details[column]);
}

/**
 * Picks `count` of the popular ids so that no kind crowds out the others: each time the item whose kinds were
 * taken least so far, the more popular one when two are equal.
 *
 * @param popular - ids, most popular first.
 */
export function chooseStarters(
  popular: readonly string[],
  directory: ItemDirectory,
  count: number,
): readonly string[] {
  const rest = popular.map((id) => ({ id, kinds: kindsOf(id, directory) }));
  const taken = new Map<string, number>();
  const chosen: string[] = [];
  while (chosen.length < count && rest.length > 0) {
    let best = 0;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const [index, { kinds }] of rest.entries()) {
      const cost = kinds.reduce((sum, kind) => sum + (taken.get(kind) ?? 0), 0) / Math.max(kinds.length, 1);
      if (cost < bestCost) [best, bestCost] = [index, cost];
    }
    const [next] = rest.splice(best, 1);
    if (next === undefined) break;
    chosen.push(next.id);
    for (const kind of next.kinds) taken.set(kind, (taken.get(kind) ?? 0) + 1);
  }
  return chosen;
}
