// The lists that the engine makes are those of the plainest ranking: all scores sorted, what is hidden left out.
import type { CreateSession, Table } from "@attune/contracts";
import type { RecommendFragment, RecommendModel } from "@attune/features";
import { createRankingEvaluation } from "@attune/metrics";
import { float32Tensor, int64Tensor } from "@attune/onnx";
import { createTestSession, datasetFrom, type Event } from "@attune/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createNeighbourModel } from "../neighbour-table/model.ts";
import { popularity } from "../popularity/trainer.ts";
import { rankUsers } from "./rank.ts";
import { createRankingTask, type RankingTask } from "./task.ts";

const schema = { columns: [], classes: [], levels: [] };

/** Few distinct weights, so that ties are common; negative ones, as EASE has. */
const problem = fc.integer({ min: 2, max: 12 }).chain((itemCount) =>
  fc.record({
    itemCount: fc.constant(itemCount),
    table: fc.array(fc.constantFrom(-1, 0, 0.5, 1), {
      minLength: itemCount * itemCount,
      maxLength: itemCount * itemCount,
    }),
    fallback: fc.array(fc.constantFrom(0, 0.5, 1), { minLength: itemCount, maxLength: itemCount }),
    // Users 0 to 5; item −1 is outside the catalogue.
    history: fc.array(
      fc.tuple(fc.nat(5), fc.integer({ min: -1, max: itemCount - 1 }), fc.constantFrom(0.5, 1, 2)),
      {
        maxLength: 40,
      },
    ),
    targets: fc.array(fc.tuple(fc.nat(5), fc.integer({ min: -1, max: itemCount - 1 })), {
      minLength: 1,
      maxLength: 20,
    }),
    repeats: fc.constantFrom("drop" as const, "keep" as const),
  }),
);

/** Every pair of items in the table, each source's weights heaviest first. */
function tableModel(weights: readonly number[], itemCount: number): RecommendModel {
  const order = Array.from({ length: itemCount }, (_, source) =>
    Array.from({ length: itemCount }, (_, item) => item).sort(
      (a, b) =>
        Math.abs(weights[source * itemCount + b]!) - Math.abs(weights[source * itemCount + a]!) || a - b,
    ),
  );
  return createNeighbourModel({
    kind: "table",
    description: "A table",
    hyperparameters: {},
    table: {
      itemCount,
      neighboursPerItem: itemCount,
      indexes: Int32Array.from(order.flat()),
      weights: Float32Array.from(
        order.flatMap((row, source) => row.map((item) => weights[source * itemCount + item]!)),
      ),
    },
  });
}

/** By the model's own scores in plain TypeScript. */
function rankPlainly(
  model: RecommendModel,
  task: RankingTask,
  fallback: Float32Array,
  cutoffs: readonly number[],
) {
  const { history, users, targets, fitCounts, hideSeen } = task;
  const { itemCount } = history;
  const evaluation = createRankingEvaluation({ itemCount, trainCounts: fitCounts, cutoffs });
  for (const user of users) {
    const items = history.items.subarray(history.offsets[user]!, history.offsets[user + 1]!);
    const weights = history.weights.subarray(history.offsets[user]!, history.offsets[user + 1]!);
    const scores = items.length === 0 ? fallback : model.score(items, weights);
    const list = Array.from({ length: itemCount }, (_, item) => item)
      .filter((item) => !(hideSeen && items.includes(item)))
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, Math.max(...cutoffs));
    evaluation.add(user, Int32Array.from(list), targets[user]!, { historyCount: items.length });
  }
  return evaluation.result();
}

describe("the same lists as the plainest ranking", () => {
  test("whatever the ties, the repeats, the catalogue's size and the cut-off", async () => {
    await fc.assert(
      fc.asyncProperty(problem, fc.integer({ min: 1, max: 15 }), async (given, k) => {
        const { itemCount, repeats } = given;
        const events: Event[] = [
          { user: 6, item: 0, role: "train" },
          ...given.history.map(
            ([user, item, weight], at): Event => ({ user, item, weight, timeMs: at, role: "train" }),
          ),
          ...given.targets.map(([user, item]): Event => ({ user, item, timeMs: 99, role: "validation" })),
        ];
        const { measured } = datasetFrom(events, 7, itemCount);
        const task = createRankingTask(measured, "validation", { duplicates: "sum", repeats });
        const model = tableModel(given.table, itemCount);
        const fallback = Float32Array.from(given.fallback);
        const cutoffs = [1, k];
        const actual = await rankUsers(model, task, { createSession: createTestSession, cutoffs, fallback });
        expect(actual).toEqual(rankPlainly(model, task, fallback, cutoffs));
      }),
      { seed: 11, numRuns: 150 },
    );
  });

  test("whatever the engine's threads, and whoever else is ranked", async () => {
    const [userCount, itemCount] = [90, 3000];
    const events = Array.from({ length: 1800 }, (_, at): Event => {
      const role = at % 9 === 0 ? "validation" : "train";
      return { user: at % userCount, item: (at * 131 + (at >> 3)) % itemCount, timeMs: at, role };
    });
    const { measured } = datasetFrom(events, userCount, itemCount);
    const task = createRankingTask(measured, "validation", { duplicates: "last", repeats: "drop" });
    const scores = Float32Array.from({ length: itemCount }, (_, item) => (item * 37) % 11);
    const model = popularity.restore(
      {},
      { scores: { dtype: "float32", dims: [itemCount], data: scores } },
      schema,
    );
    const expected = rankPlainly(model, task, scores, [20]);
    for (const threadCount of [1, 2, 3]) {
      const createSession: CreateSession = (bytes) => createTestSession(bytes, { threadCount });
      expect(await rankUsers(model, task, { createSession, cutoffs: [20], fallback: scores })).toEqual(
        expected,
      );
    }
    const some = { ...task, users: task.users.filter((_, at) => at % 3 === 1) };
    const alone = await rankUsers(model, some, {
      createSession: createTestSession,
      cutoffs: [20],
      fallback: scores,
    });
    expect(alone.metrics["ndcg@20"]).toEqual(expected.metrics["ndcg@20"]!.filter((_, at) => at % 3 === 1));
  });

  test("it says how far it is, at most a hundred times, and that it is done", async () => {
    const [userCount, itemCount] = [400, 5000];
    const events = Array.from({ length: 2 * userCount }, (_, at): Event => {
      return { user: at >> 1, item: at, role: at % 2 === 0 ? "train" : "validation", timeMs: at };
    });
    const { measured } = datasetFrom(events, userCount, itemCount);
    const task = createRankingTask(measured, "validation", { duplicates: "last", repeats: "drop" });
    const scores = new Float32Array(itemCount);
    const model = popularity.restore(
      {},
      { scores: { dtype: "float32", dims: [itemCount], data: scores } },
      schema,
    );
    const seen: number[] = [];
    const onProgress = (done: number, total: number) => {
      expect(total).toBe(userCount);
      seen.push(done);
    };
    await rankUsers(model, task, {
      createSession: createTestSession,
      cutoffs: [5],
      fallback: scores,
      onProgress,
    });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.length).toBeLessThanOrEqual(100);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(userCount);
  });
});

describe("a model of order, time and columns", () => {
  /** Score of item i: the newest entry's item + age of the oldest, in seconds, for item 0; the user's number for item 1. */
  const fragment: RecommendFragment = {
    itemCount: 3,
    bytes: 0,
    needs: ["order", "time"],
    columns: [{ name: "number", kind: "number" }],
    build(graph, { ordered, columns }) {
      const { index, age } = ordered!;
      const at = (name: string, values: readonly number[]) => graph.constant(name, int64Tensor(values));
      const cut = (value: typeof index, from: number, to: number) =>
        graph.node("Slice", [value, at(`from ${from}`, [from]), at(`to ${to}`, [to]), at("axis", [1])]);
      const newest = graph.node("Cast", [cut(index, -1, Number.MAX_SAFE_INTEGER)], {
        attributes: { to: "float32" },
      });
      const oldest = graph.node("ReduceMax", [age!, at("axis", [1])], { attributes: { keepdims: 1 } });
      const { value } = columns.number as { value: typeof index };
      const zero = graph.constant("half", float32Tensor([0.5], []));
      const known = graph.node("Where", [graph.node("IsNaN", [value]), zero, value]);
      return graph.node("Concat", [oldest, known, newest], { attributes: { axis: 1 } });
    },
  };
  const model: RecommendModel = {
    kind: "order",
    description: "",
    hyperparameters: {},
    fragment,
    score: () => new Float32Array(3),
  };

  test("is fed the history as it happened with its ages, and the users' columns", async () => {
    const events: Event[] = [
      // Newest last, though its index is lower: item 2's score is 1. Ages 4 and 0 seconds: item 0's score is 4.
      { user: 0, item: 2, timeMs: 1000, role: "train" },
      { user: 0, item: 1, timeMs: 5000, role: "train" },
      { user: 0, item: 0, timeMs: 9000, role: "validation" },
      // The same item twice; one history is longer than the other. Scores: 1, the number, 2.
      { user: 1, item: 2, timeMs: 1000, role: "train" },
      { user: 1, item: 0, timeMs: 1500, role: "train" },
      { user: 1, item: 2, timeMs: 2000, role: "train" },
      { user: 1, item: 1, timeMs: 9000, role: "validation" },
    ];
    const userFeatures: Table = {
      rowCount: 2,
      columns: [
        { name: "number", kind: "number", data: Float64Array.of(7, 3), missing: Uint8Array.of(1, 0) },
      ],
    };
    const { measured } = datasetFrom(events, 2, 3);
    const task = createRankingTask({ ...measured, userFeatures }, "validation", {
      duplicates: "last",
      repeats: "keep",
    });
    const fed: Record<string, unknown>[] = [];
    const createSession: CreateSession = async (bytes) => {
      const session = await createTestSession(bytes);
      return {
        ...session,
        run(feeds) {
          fed.push(Object.fromEntries(Object.entries(feeds).map(([name, { data }]) => [name, [...data]])));
          return session.run(feeds);
        },
      };
    };
    const fallback = new Float32Array(3);
    const { metrics } = await rankUsers(model, task, { createSession, cutoffs: [1], fallback });
    expect(fed).toEqual([
      {
        index: [1n, 2n, 0n, 2n],
        weight: [1, 1, 1, 1],
        ordered_index: [0n, 0n, 2n, 1n, 0n, 2n, 0n, 2n],
        ordered_weight: [0, 0, 1, 1, 0, 1, 1, 1],
        ordered_age: [0, 0, 4, 0, 0, 1, 0.5, 0],
        "column:number": [Number.NaN, 3],
      },
    ]);
    // User 0: 4, 0.5, 1 puts item 0 first, the target. User 1: 1, 3, 2 puts item 1 first, the target.
    expect([...metrics["precision@1"]!]).toEqual([1, 1]);
  });
});
