import { createTestSession, failureOf, interactionsFrom } from "@attune/testkit";
import { type FittedModel, type Hyperparameters, parseConfig, type Tensors } from "@attune/train";
import { describe, expect, test } from "vitest";
import { dataOf } from "./fixtures/shape.ts";
import { type TrainerCase, trainerCases } from "./fixtures/trainer-cases.ts";
import { writeScoringModel } from "./ranking/encoded-model.ts";
import { recommendTask } from "./task/recommend-task.ts";

const rows = trainerCases.map((given) => ({ kind: given.trainer.kind, given }));
const schema = { columns: [], classes: [], levels: [] };
/** More than any model here has. */
const ampleBytes = 1e9;

function dataOfCase(given: TrainerCase) {
  return dataOf(interactionsFrom(given.events, given.userCount, given.itemCount));
}

function shapeOfCase(given: TrainerCase) {
  return recommendTask.shape(dataOfCase(given));
}

function configOf({ trainer, hyperparameters }: TrainerCase): Hyperparameters {
  return parseConfig(trainer.kind, trainer.configSchema, hyperparameters);
}

async function fitCase(given: TrainerCase, seed = 7) {
  const { trainer } = given;
  const config = configOf(given);
  const tensors = await trainer.fit(dataOfCase(given), config, { seed, createSession: createTestSession });
  return { config, tensors, model: trainer.restore(config, tensors, schema) };
}

/** One fit per trainer for the tests that only read its model. */
const fitted = new Map<TrainerCase, ReturnType<typeof fitCase>>();
function fitOnce(given: TrainerCase) {
  const known = fitted.get(given) ?? fitCase(given);
  fitted.set(given, known);
  return known;
}

/** Rows of (item, weight) pairs; every row is padded to the longest with item 0 at weight 0. */
async function scoreByGraph(
  model: FittedModel<"recommend">,
  histories: readonly (readonly [number, number][])[],
) {
  const session = await createTestSession(writeScoringModel(model.fragment));
  const length = Math.max(...histories.map((history) => history.length));
  const dims = [histories.length, length];
  const padded = histories.flatMap((history) =>
    Array.from({ length }, (_, at) => history[at] ?? ([0, 0] as const)),
  );
  const { scores } = await session.run({
    index: { dtype: "int64", dims, data: BigInt64Array.from(padded, ([item]) => BigInt(item)) },
    weight: { dtype: "float32", dims, data: Float32Array.from(padded, ([, weight]) => weight) },
  });
  await session.close();
  expect(scores!.dims).toEqual([histories.length, model.fragment.itemCount]);
  const items = model.fragment.itemCount;
  return histories.map((_, row) => (scores!.data as Float32Array).slice(row * items, (row + 1) * items));
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  expected.forEach((value, item) => {
    worst = Math.max(worst, Math.abs(actual[item]! - value) / Math.max(1, Math.abs(value)));
  });
  expect(worst).toBeLessThan(1e-6);
}

test("kinds are unique", () => {
  expect(new Set(rows.map(({ kind }) => kind)).size).toBe(rows.length);
});

describe.each(rows)("$kind", ({ given }) => {
  const { trainer } = given;

  test("finds the answer known by construction", async () => {
    const { model } = await fitOnce(given);
    expect(given.check(model)).toEqual([]);
    expect(model.kind).toBe(trainer.kind);
    expect(model.description).toMatch(/\.$/);
  });

  test("its graph gives its own scores: one item, many, uneven weights, repeats at 0, none", async () => {
    const { model } = await fitOnce(given);
    const last = given.itemCount - 1;
    const histories: [number, number][][] = [
      [[1, 1]],
      [
        [last, 0.25],
        [0, 3],
        [2, 1],
      ],
      [
        [3, 2],
        [3, 0],
        [0, 0],
        [1, 1],
      ],
      [],
    ];
    const scores = await scoreByGraph(model, histories);
    histories.forEach((history, row) => {
      const known = history.filter(([, weight]) => weight > 0);
      const items = Int32Array.from(known, ([item]) => item);
      const weights = Float32Array.from(known, ([, weight]) => weight);
      expectClose(scores[row]!, model.score(items, weights));
    });
  });

  test("a batch whose histories are all empty has no length at all", async () => {
    const { model } = await fitOnce(given);
    const [first, second] = await scoreByGraph(model, [[], []]);
    expectClose(first!, model.score(new Int32Array(0), new Float32Array(0)));
    expect(second).toEqual(first);
  });

  test("a row of a batch is the row alone, and the order of a history does not matter", async () => {
    const { model } = await fitOnce(given);
    const history: [number, number][] = [
      [0, 1],
      [2, 0.5],
      [3, 1],
    ];
    const [together] = await scoreByGraph(model, [history, [[1, 1]], []]);
    const [alone] = await scoreByGraph(model, [[...history].reverse()]);
    expectClose(together!, alone!);
  });

  test("restores from its tensors to the same scores, bit for bit", async () => {
    const { config, model } = await fitOnce(given);
    const restored = trainer.restore(config, model.tensors(), schema);
    const [items, weights] = [Int32Array.of(0, 2), Float32Array.of(1, 0.5)];
    expect(restored.score(items, weights)).toEqual(model.score(items, weights));
    expect(restored.tensors()).toEqual(model.tensors());
  });

  test("same seed, same bytes; another seed matters only where randomness is used", async () => {
    const { tensors } = await fitCase(given, 7);
    expect((await fitCase(given, 7)).tensors).toEqual(tensors);
    const other = (await fitCase(given, 8)).tensors;
    if (trainer.seeded) expect(other).not.toEqual(tensors);
    else expect(other).toEqual(tensors);
  });

  test("projects its size to the byte, within a budget too if it shrinks", async () => {
    const { config, model } = await fitOnce(given);
    const shape = shapeOfCase(given);
    expect(trainer.projectBytes(shape, config, ampleBytes)).toBe(model.fragment.bytes);
    const stored = Object.values(model.tensors()).reduce((sum, { data }) => sum + 4 * data.length, 0);
    expect(stored).toBe(model.fragment.bytes);
    for (const budget of [1, 500, 2000]) {
      const shrunk = model.shrinkTo?.(budget) ?? model;
      expect(trainer.projectBytes(shape, config, budget)).toBe(shrunk.fragment.bytes);
    }
  });

  test("its candidates are settings of its own schema, and each different", () => {
    const candidates = trainer.candidates(shapeOfCase(given), {});
    expect(candidates.length).toBeGreaterThan(0);
    for (const candidate of candidates) expect(trainer.configSchema.parse(candidate)).toEqual(candidate);
    expect(new Set(candidates.map((candidate) => JSON.stringify(candidate))).size).toBe(candidates.length);
  });

  test("many settings at once are each alone, bit for bit and in their order", async () => {
    if (trainer.fitAll === undefined) return;
    const data = dataOfCase(given);
    const candidates = [...trainer.candidates(shapeOfCase(given), {}), configOf(given)];
    const together: { config: Hyperparameters; tensors: Tensors }[] = [];
    for await (const fit of trainer.fitAll(data, candidates, { seed: 7 })) together.push(fit);
    expect(together.map(({ config }) => config)).toEqual(candidates);
    for (const { config, tensors } of together) {
      expect(tensors).toEqual(await trainer.fit(data, config, { seed: 7 }));
    }
  });

  test("refuses unknown hyperparameters with its name", async () => {
    const failure = await failureOf(() => trainer.candidates(shapeOfCase(given), { colour: "red" }));
    expect(failure.code).toBe("TRAIN_CONFIG");
    expect(failure.details).toMatchObject({ kind: trainer.kind });
  });

  test("stops for a signal", async () => {
    const config = configOf(given);
    const controller = new AbortController();
    // Popularity takes one step: it can only be stopped before it.
    if (trainer.complexity === 0) controller.abort();
    else setImmediate(() => controller.abort());
    const many = Array.from({ length: 600 }, (_, at) => ({ user: at % 300, item: (at * 7) % 300 }));
    const failure = await failureOf(() =>
      trainer.fit(dataOf(interactionsFrom(many, 300, 300)), config, {
        seed: 1,
        signal: controller.signal,
        createSession: createTestSession,
      }),
    );
    expect(failure.code).toBe("TRAIN_ABORTED");
  });
});

const shrinking = rows.filter(
  ({ given }) => given.trainer.kind === "item-knn" || given.trainer.kind === "ease",
);

describe.each(shrinking)("$kind within a budget", ({ given }) => {
  test("keeps the heaviest weights, in graph and reference alike, and says how many", async () => {
    const { config, model } = await fitOnce(given);
    const shrunk = model.shrinkTo!(given.itemCount * 3 * 8 + 7);
    expect(shrunk.kept).toBe("3 neighbours per item");
    expect(shrunk.fragment.bytes).toBe(given.itemCount * 3 * 8);
    const [scores] = await scoreByGraph(shrunk, [
      [
        [0, 1],
        [5, 2],
      ],
    ]);
    expectClose(scores!, shrunk.score(Int32Array.of(0, 5), Float32Array.of(1, 2)));
    const restored = given.trainer.restore(config, shrunk.tensors(), schema);
    const [items, weights] = [Int32Array.of(0), Float32Array.of(1)];
    expect(restored.score(items, weights)).toEqual(shrunk.score(items, weights));
    expect(model.shrinkTo!(ampleBytes)).toBe(model);
    expect(model.shrinkTo!(1).kept).toBe("1 neighbour per item");
  });
});
