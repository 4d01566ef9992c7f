/**
 * The order of steps that leaks: one event per user and item is kept before the split, and k-core counts every role.
 * Kept to show that the protocol's properties would find it.
 */
import type { HeldRow, TrainingView } from "./held-out.ts";

export function prepareInOldOrder(rows: readonly HeldRow[], least: number): TrainingView {
  const newest = new Map<string, HeldRow>();
  for (const row of [...rows].sort((a, b) => a.time - b.time)) newest.set(`${row.user}:${row.item}`, row);
  let left = [...newest.values()];
  const enough = (key: "user" | "item", id: string) => left.filter((row) => row[key] === id).length >= least;
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    left = left.filter((row) => enough("user", row.user) && enough("item", row.item));
  }
  const train = left.filter(({ role }) => role === "train");
  return {
    itemIds: [...new Set(train.map(({ item }) => item))].sort(),
    events: train.map(({ user, item, time }) => [user, item, time]),
  };
}
