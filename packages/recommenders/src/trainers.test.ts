import { createTestSession, failureOf, interactionsFrom } from "@attune/testkit";
import {
  type FittedModel,
  type Hyperparameters,
  isNeighbourModel,
  parseConfig,
  type Trainer,
} from "@attune/train";
import { describe, expect, test } from "vitest";
import { type TrainerCase, trainerCases } from "./fixtures/trainer-cases.ts";
import { measureShape } from "./interactions/shape.ts";
import { writeEncodedModel } from "./ranking/encoded-model.ts";
import { baseline, findTrainers, trainers } from "./trainers.ts";

const rows = trainers.map((trainer) => ({ kind: trainer.kind, trainer, given: trainerCases[trainer.kind]! }));

function interactionsOf(given: TrainerCase) {
  return interactionsFrom(given.events, given.userCount, given.itemCount);
}

async function fitCase(trainer: Trainer, given: TrainerCase, seed = 7) {
  const config: Hyperparameters = parseConfig(trainer.kind, trainer.configSchema, given.hyperparameters);
  const tensors = await trainer.fit(interactionsOf(given), config, {
    seed,
    createSession: createTestSession,
  });
  return { config, tensors, model: trainer.restore(config, tensors) };
}

/** One fit per trainer for the tests that only read its model. */
const fitted = new Map<Trainer, ReturnType<typeof fitCase>>();
function fitOnce(trainer: Trainer, given: TrainerCase) {
  const known = fitted.get(trainer) ?? fitCase(trainer, given);
  fitted.set(trainer, known);
  return known;
}

/** Rows of (item, weight) pairs; every row is padded to the longest with item 0 at weight 0. */
async function scoreByGraph(model: FittedModel, histories: readonly (readonly [number, number][])[]) {
  const session = await createTestSession(writeEncodedModel(model.fragment));
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

test("kinds are unique, the baseline comes first, and every trainer has a case", () => {
  const kinds = trainers.map((trainer) => trainer.kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(kinds[0]).toBe(baseline.kind);
  expect(Object.keys(trainerCases).sort()).toEqual([...kinds].sort());
});

test("unknown kinds are refused, all at once; known ones come in the list's order", async () => {
  const failure = await failureOf(() => findTrainers(["ease", "svd", "popularity", "als", "svd"]));
  expect(failure.code).toBe("TRAIN_UNKNOWN_KIND");
  expect(failure.details).toMatchObject({ kinds: ["svd", "als"] });
  expect(findTrainers(["ease", "popularity"]).map((trainer) => trainer.kind)).toEqual(["popularity", "ease"]);
});

describe.each(rows)("$kind", ({ trainer, given }) => {
  test("finds the answer known by construction", async () => {
    const { model } = await fitOnce(trainer, given);
    expect(given.check(model)).toEqual([]);
    expect(model.kind).toBe(trainer.kind);
    expect(model.description).toMatch(/\.$/);
  });

  test("its graph gives its own scores: one item, many, uneven weights, repeats at 0, none", async () => {
    const { model } = await fitOnce(trainer, given);
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
    const { model } = await fitOnce(trainer, given);
    const [first, second] = await scoreByGraph(model, [[], []]);
    expectClose(first!, model.score(new Int32Array(0), new Float32Array(0)));
    expect(second).toEqual(first);
  });

  test("a row of a batch is the row alone, and the order of a history does not matter", async () => {
    const { model } = await fitOnce(trainer, given);
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
    const { config, model } = await fitOnce(trainer, given);
    const restored = trainer.restore(config, model.tensors());
    const [items, weights] = [Int32Array.of(0, 2), Float32Array.of(1, 0.5)];
    expect(restored.score(items, weights)).toEqual(model.score(items, weights));
    expect(restored.tensors()).toEqual(model.tensors());
  });

  test("same seed, same bytes; another seed matters only where randomness is used", async () => {
    const { tensors } = await fitCase(trainer, given, 7);
    expect((await fitCase(trainer, given, 7)).tensors).toEqual(tensors);
    const other = (await fitCase(trainer, given, 8)).tensors;
    if (given.seeded) expect(other).not.toEqual(tensors);
    else expect(other).toEqual(tensors);
  });

  test("projects its size to the byte", async () => {
    const { config, model } = await fitOnce(trainer, given);
    const shape = measureShape(interactionsOf(given));
    expect(trainer.projectBytes(shape, config)).toBe(model.fragment.bytes);
    const stored = Object.values(model.tensors()).reduce((sum, { data }) => sum + 4 * data.length, 0);
    expect(stored).toBe(model.fragment.bytes);
    expect(isNeighbourModel(model)).toBe(trainer.prunes);
  });

  test("its candidates are settings of its own schema, and each different", () => {
    const candidates = trainer.candidates(measureShape(interactionsOf(given)), {});
    expect(candidates.length).toBeGreaterThan(0);
    for (const candidate of candidates) expect(trainer.configSchema.parse(candidate)).toEqual(candidate);
    expect(new Set(candidates.map((candidate) => JSON.stringify(candidate))).size).toBe(candidates.length);
  });

  test("refuses unknown hyperparameters with its name", async () => {
    const shape = measureShape(interactionsOf(given));
    const failure = await failureOf(() => trainer.candidates(shape, { colour: "red" }));
    expect(failure.code).toBe("TRAIN_CONFIG");
    expect(failure.details).toMatchObject({ kind: trainer.kind });
  });

  test("stops for a signal", async () => {
    const config: Hyperparameters = parseConfig(trainer.kind, trainer.configSchema, given.hyperparameters);
    const controller = new AbortController();
    // Popularity takes one step: it can only be stopped before it.
    if (trainer.kind === baseline.kind) controller.abort();
    else setImmediate(() => controller.abort());
    const many = Array.from({ length: 600 }, (_, at) => ({ user: at % 300, item: (at * 7) % 300 }));
    const failure = await failureOf(() =>
      trainer.fit(interactionsFrom(many, 300, 300), config, {
        seed: 1,
        signal: controller.signal,
        createSession: createTestSession,
      }),
    );
    expect(failure.code).toBe("TRAIN_ABORTED");
  });
});

describe.each(rows.filter(({ trainer }) => trainer.prunes))("$kind pruned", ({ trainer, given }) => {
  test("keeps the heaviest weights, in graph and reference alike", async () => {
    const { config, model } = await fitOnce(trainer, given);
    if (!isNeighbourModel(model)) throw new Error("not a neighbour model");
    const pruned = model.prune(3);
    expect(pruned.neighboursPerItem).toBe(3);
    expect(pruned.fragment.bytes).toBe(given.itemCount * 3 * 8);
    const [scores] = await scoreByGraph(pruned, [
      [
        [0, 1],
        [5, 2],
      ],
    ]);
    expectClose(scores!, pruned.score(Int32Array.of(0, 5), Float32Array.of(1, 2)));
    expect(trainer.restore(config, pruned.tensors()).score(Int32Array.of(0), Float32Array.of(1))).toEqual(
      pruned.score(Int32Array.of(0), Float32Array.of(1)),
    );
    expect(model.prune(1000)).toBe(model);
  });
});
