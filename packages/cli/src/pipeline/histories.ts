/** What the model is shown of each test user, as requests send it. */
import type { Dataset } from "@attune/contracts";
import type { UserHistory } from "@attune/export";
import type { RankingTask } from "@attune/train";

/** `[task.users]` histories, oldest event first; empty for a user the model never saw. */
export function userHistories(dataset: Dataset, { users, history }: RankingTask): UserHistory[] {
  return Array.from(users, (user) => {
    const [start, end] = [history.offsets[user]!, history.offsets[user + 1]!];
    return {
      ids: Array.from(history.items.subarray(start, end), (item) => dataset.itemIds[item]!),
      weights: history.weights.slice(start, end),
    };
  });
}
