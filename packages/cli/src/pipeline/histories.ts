/** What the model is shown of each test user, as requests send it. */
import { type MeasuredInteractions, type RawValue, rawRow } from "@attune/contracts";
import type { RankingTask } from "@attune/recommenders";

/** A user's history as a request would send it; nothing says who it was. */
export interface UserHistory {
  /** Oldest first, repeats as they happened. */
  readonly ids: readonly string[];
  /** Same length as `ids`, > 0. */
  readonly weights: ArrayLike<number>;
  /** Epoch seconds, same length as `ids`. */
  readonly times: ArrayLike<number>;
  /** User and context columns. Default: all missing. */
  readonly features?: Readonly<Record<string, RawValue>>;
}

/** `[task.users]` histories as they happened, repeats kept, oldest event first; empty for a user the model never saw. */
export function userHistories(
  { itemIds, userFeatures }: MeasuredInteractions,
  { users, ordered }: RankingTask,
): UserHistory[] {
  return Array.from(users, (user) => {
    const [start, end] = [ordered.offsets[user]!, ordered.offsets[user + 1]!];
    return {
      ids: Array.from(ordered.items.subarray(start, end), (item) => itemIds[item]!),
      weights: ordered.weights.slice(start, end),
      times: Array.from(ordered.times.subarray(start, end), (time) => time / 1000),
      ...(userFeatures && { features: rawRow(userFeatures, user) }),
    };
  });
}
