import type { CreateSession, Tensor } from "@attune/contracts";
import { checkerboardDataset, createTestSession, datasetFrom, type Event } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { popularity } from "../popularity/trainer.ts";
import { rankUsers } from "./rank.ts";
import { createRankingTask, selectFitEvents } from "./task.ts";

/** Prefers item 0, then 1, … */
const scores: Tensor = { dtype: "float32", dims: [6], data: Float32Array.of(6, 5, 4, 3, 2, 1) };
const schema = { columns: [], classes: [], levels: [] };
const model = popularity.restore({}, { scores }, schema);
const rules = { duplicates: "last", repeats: "drop" } as const;

const events: Event[] = [
  { user: 0, item: 0, role: "train" },
  { user: 0, item: 1, role: "validation" },
  { user: 0, item: 2, role: "test" },
  { user: 0, item: -1, role: "test" },
  // Held out for validation: shown, not fitted on until the refit.
  { user: 1, item: 3, role: "validationHistory" },
  { user: 1, item: 4, role: "validation" },
  // Held out for the test: shown, never fitted on.
  { user: 2, item: 5, role: "testHistory" },
  { user: 2, item: -1, role: "testHistory" },
  { user: 2, item: 0, role: "test" },
  // Too rare to fit on, and a repeat that is no target: history for both, the repeat fitted on by the refit.
  { user: 5, item: 1, role: "history" },
  { user: 5, item: 2, role: "train" },
  { user: 5, item: 2, role: "validationRepeat" },
  { user: 5, item: 4, role: "test" },
  // New: nothing is known.
  { user: 3, item: 5, role: "test" },
  { user: 4, item: 0, role: "train" },
];
const { measured } = datasetFrom(events, 6, 6);

describe("who is ranked on what", () => {
  test("validation: targets of validation events, history without the events of the test", () => {
    const task = createRankingTask(measured, "validation", rules);
    expect([...task.users]).toEqual([0, 1]);
    expect([...task.targets[0]!]).toEqual([1]);
    expect([...task.history.items]).toEqual([0, 3, 0, 1, 2]);
    expect([...task.fitCounts]).toEqual([2, 0, 1, 0, 0, 0]);
    expect([...selectFitEvents(measured, "validation").items]).toEqual([0, 0, 2]);
  });

  test("test: history is all but the test events; unknown targets stay, unknown history goes", () => {
    const task = createRankingTask(measured, "test", rules);
    expect([...task.users]).toEqual([0, 2, 3, 5]);
    expect([...task.targets[0]!]).toEqual([2, -1]);
    expect([...task.history.offsets]).toEqual([0, 2, 4, 5, 5, 6, 8]);
    expect([...task.ordered.items.subarray(6)]).toEqual([1, 2, 2]);
    expect([...selectFitEvents(measured, "test").items]).toEqual([0, 1, 3, 4, 0, 2, 2]);
  });
});

describe("ranking", () => {
  const fallback = Float32Array.of(0, 0, 0, 0, 0, 9);

  test("masks the history, counts what cannot be found, and answers new users with the fallback", async () => {
    const task = createRankingTask(measured, "test", rules);
    const result = await rankUsers(model, task, {
      createSession: createTestSession,
      cutoffs: [1],
      fallback,
    });
    expect([...result.users]).toEqual([0, 2, 3, 5]);
    expect([...result.metrics["precision@1"]!]).toEqual([1, 1, 1, 0]);
    // User 0 has a second target outside the catalogue.
    expect([...result.metrics["recall@1"]!]).toEqual([0.5, 1, 1, 0]);
    expect([...result.historyCounts]).toEqual([2, 1, 0, 2]);
  });

  test("many users in many batches get what each gets alone, in the order of the users", async () => {
    const board = checkerboardDataset({ userCount: 60, itemCount: 120, density: 0.9 });
    const task = createRankingTask(board.measured, "test", rules);
    const options = { cutoffs: [3], fallback: new Float32Array(120) };
    let runs = 0;
    const counting: CreateSession = async (bytes) => {
      const session = await createTestSession(bytes);
      return {
        ...session,
        run: (feeds) => {
          runs += 1;
          return session.run(feeds);
        },
      };
    };
    const uneven = Float32Array.from({ length: 120 }, (_, item) => (item * 37) % 120);
    const wide = popularity.restore({}, { scores: { dtype: "float32", dims: [120], data: uneven } }, schema);
    const together = await rankUsers(wide, task, { ...options, createSession: counting });
    expect(runs).toBeGreaterThan(1);
    expect([...together.users]).toEqual([...task.users]);
    const single = { ...task, users: task.users.slice(17, 18) };
    const alone = await rankUsers(wide, single, { ...options, createSession: createTestSession });
    expect(alone.metrics["ndcg@3"]![0]).toBe(together.metrics["ndcg@3"]![17]);
  });

  test("hands a history over as the artifact does: rising by item, whenever it happened", async () => {
    const late = [4, 1, 3].map((item, at): Event => ({ user: 0, item, timeMs: at, weight: item }));
    const all: Event[] = [...late, { user: 0, item: 0, role: "test", timeMs: 9 }];
    const task = createRankingTask(datasetFrom(all, 1, 6).measured, "test", rules);
    const seen: unknown[] = [];
    const createSession: CreateSession = async (bytes) => {
      const session = await createTestSession(bytes);
      return {
        ...session,
        run(inputs) {
          seen.push([...inputs.index!.data], [...inputs.weight!.data]);
          return session.run(inputs);
        },
      };
    };
    await rankUsers(model, task, { createSession, cutoffs: [1], fallback });
    expect(seen).toEqual([
      [1n, 3n, 4n],
      [1, 3, 4],
    ]);
  });
});
