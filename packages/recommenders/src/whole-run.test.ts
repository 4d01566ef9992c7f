import { type Dataset, eventRole } from "@attune/contracts";
import { projectConfig } from "@attune/contracts/config";
import { parseTrainingManifest } from "@attune/contracts/manifest";
import { checkerboardDataset, createTestSession, datasetFrom, type Event, failureOf } from "@attune/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { isNeighbourModel } from "../trainer.ts";
import type { TrainingEvent } from "./events.ts";
import { trainingKey } from "./key.ts";
import type { TrainHooks, TrainOptions } from "./run.ts";
import { type TrainingResult, trainModels } from "./train-models.ts";

const smallAutoencoder = {
  kind: "autoencoder",
  hyperparameters: { hidden: 4, epochs: 10, batchSize: 20, learningRate: 0.02 },
};
const dataset = checkerboardDataset({ userCount: 60, itemCount: 40 });

function optionsOf(train: object, exportConfig: object = {}): TrainOptions {
  const config = projectConfig.parse({
    name: "test",
    data: { events: { path: "events.csv", columns: { user: "user", item: "item" } } },
    train: { cutoffs: [2, 5], metric: "ndcg@10", bootstrapSamples: 200, ...train },
    export: exportConfig,
  });
  return { seed: 42, train: config.train, exportConfig: config.export };
}

/** A clock that goes one millisecond a look. */
function hooksOf(more: Partial<TrainHooks> = {}): TrainHooks {
  let time = 0;
  return { createSession: createTestSession, now: () => time++, ...more };
}

describe("a whole run", () => {
  const events: TrainingEvent[] = [];
  let result: TrainingResult;
  const options = optionsOf({ models: [smallAutoencoder, "ease", "item-knn"] }, { budgetBytes: 40 * 8 * 10 });

  beforeAll(async () => {
    result = await trainModels(dataset, options, hooksOf({ onEvent: (event) => events.push(event) }));
  });

  test("the manifest fits its schema, lists models simplest first, and popularity is always there", () => {
    const manifest = parseTrainingManifest({ ...result.manifest, files: {} }, "manifest.json");
    expect(manifest.models.map((model) => model.kind)).toEqual([
      "popularity",
      "item-knn",
      "ease",
      "autoencoder",
    ]);
    expect(manifest.baseline).toBe("popularity");
    expect(manifest.users).toEqual({ validation: 60, test: 60 });
    expect(manifest.key).toBe(trainingKey(dataset.manifest.key, options));
  });

  test("every model has figures at every cut-off, and the deciding one besides", () => {
    for (const model of result.manifest.models) {
      for (const k of [2, 5, 10]) {
        expect(model.validation[`ndcg@${k}`]!.value).toBeGreaterThanOrEqual(0);
        expect(model.test[`recall@${k}`]!.upper).toBeGreaterThanOrEqual(model.test[`recall@${k}`]!.lower);
        expect(model.test[`coverage@${k}`]!.value).toBeGreaterThan(0);
        expect(model.test[`novelty@${k}`]!.value).toBeGreaterThan(0);
      }
      expect(model.slices["users:light"]!.users + model.slices["users:heavy"]!.users).toBe(60);
      expect(model.trials.length).toBeGreaterThan(0);
      const best = Math.max(...model.trials.map((trial) => trial.value));
      expect(best).toBeCloseTo(model.validation["ndcg@10"]!.value, 12);
      const isBaseline = model.kind === "popularity";
      expect(model.differenceToBaseline === undefined).toBe(isBaseline);
    }
  });

  test("colours are learned: the chosen model beats popularity on the test users beyond doubt", () => {
    const chosen = result.manifest.models.find((model) => model.kind === result.manifest.chosen)!;
    expect(["item-knn", "ease", "autoencoder"]).toContain(chosen.kind);
    expect(chosen.differenceToBaseline!["ndcg@10"]!.lower).toBeGreaterThan(0);
    expect(result.manifest.reason).toContain("ndcg@10");
    expect(result.chosen.kind).toBe(chosen.kind);
    expect(result.chosen.hyperparameters).toEqual(chosen.hyperparameters);
  });

  test("neighbour models are pruned to the budget before they are ranked", () => {
    for (const model of result.manifest.models.filter(({ kind }) => kind === "item-knn" || kind === "ease")) {
      expect(model.bytes).toBe(40 * 8 * 10);
    }
    if (isNeighbourModel(result.chosen)) {
      expect(result.manifest.pruning).toMatchObject({ neighboursPerItem: 10, bytesAfter: 40 * 8 * 10 });
      expect(result.chosen.neighboursPerItem).toBe(10);
    } else expect(result.manifest.pruning).toBeUndefined();
  });

  test("popularity's scores are those of train and validation events", () => {
    const counts = new Float64Array(40);
    dataset.events.items.forEach((item, e) => {
      if (dataset.roles[e] !== eventRole.test) counts[item]! += 1;
    });
    const largest = Math.max(...counts);
    expect(result.popularity.kind).toBe("popularity");
    expect(result.popularityScores).toEqual(Float32Array.from(counts, (count) => count / largest));
  });

  test("events tell the projection first, then each trial with its total, fits, ranks, and the choice once", () => {
    const [projected] = events;
    if (projected?.type !== "projected") throw new Error("the projection is not the first event");
    const { models } = projected;
    for (const { kind, trials } of models) {
      const own = events.filter((event) => event.type === "trial" && event.kind === kind);
      const numbers = own.map((event) => (event.type === "trial" ? event.trial : 0));
      expect([...new Set(numbers)]).toEqual(Array.from({ length: trials }, (_, at) => at + 1));
      expect(events.filter((event) => event.type === "fitted" && event.kind === kind)).toHaveLength(1);
      const ranked = events.filter((event) => event.type === "ranked" && event.kind === kind);
      expect(ranked.map((event) => event.type === "ranked" && event.split)).toEqual(["validation", "test"]);
    }
    expect(events.filter((event) => event.type === "chosen")).toHaveLength(1);
    expect(events.some((event) => event.type === "epoch" && event.phase === "search")).toBe(true);
  });

  test("another run of the same seed gives the same manifest and the same bytes", async () => {
    const again = await trainModels(dataset, options, hooksOf());
    expect(again.manifest).toEqual(result.manifest);
    expect(again.chosen.tensors()).toEqual(result.chosen.tensors());
  });

  test("no leakage: other test events change no weight, no trial and no choice", async () => {
    const items = dataset.events.items.map((item, e) =>
      dataset.roles[e] === eventRole.test ? (item + 1 + (e % 7)) % 40 : item,
    );
    const other: Dataset = { ...dataset, events: { ...dataset.events, items } };
    const changed = await trainModels(other, options, hooksOf());
    expect(changed.chosen.tensors()).toEqual(result.chosen.tensors());
    expect(changed.popularityScores).toEqual(result.popularityScores);
    expect(changed.manifest.reason).toBe(result.manifest.reason);
    changed.manifest.models.forEach((model, at) => {
      expect(model.trials).toEqual(result.manifest.models[at]!.trials);
      expect(model.hyperparameters).toEqual(result.manifest.models[at]!.hyperparameters);
    });
    // The test figures did change, so the events above were really other ones.
    expect(changed.manifest.models[0]!.test).not.toEqual(result.manifest.models[0]!.test);
  });
});

describe("choices at the edges", () => {
  /** What people choose has nothing to do with what they chose before. */
  const noise: Event[] = Array.from({ length: 50 }, (_, user) =>
    [0, 1, 2, 3, 4].map((nth): Event => {
      const role = nth === 3 ? "validation" : nth === 4 ? "test" : "train";
      return { user, item: (user * 11 + nth * nth * 5 + nth) % 30, role };
    }),
  ).flat();

  test("popularity is chosen when nothing clearly beats it, though the config does not name it", async () => {
    const result = await trainModels(
      datasetFrom(noise, 50, 30),
      optionsOf({ models: ["item-knn"] }),
      hooksOf(),
    );
    expect(result.manifest.chosen).toBe("popularity");
    expect(result.chosen).toBe(result.popularity);
    expect(result.manifest.pruning).toBeUndefined();
  });

  test("popularity alone is a run of its own", async () => {
    const result = await trainModels(dataset, optionsOf({ models: ["popularity"] }), hooksOf());
    expect(result.manifest.models).toHaveLength(1);
    expect(result.manifest.reason).toBe("Popularity is the only model.");
  });

  test("fixed hyperparameters are used as they are", async () => {
    const models = [{ kind: "ease", hyperparameters: { regularization: 77, neighbours: 5 } }];
    const result = await trainModels(dataset, optionsOf({ models }), hooksOf());
    expect(result.manifest.models[1]!.hyperparameters).toEqual({ regularization: 77, neighbours: 5 });
    expect(result.manifest.models[1]!.trials).toHaveLength(1);
  });
});

describe("refusals come before any work", () => {
  const untouched = hooksOf({
    createSession: () => {
      throw new Error("nothing may be ranked");
    },
  });

  test("unknown kinds, all of them", async () => {
    const failure = await failureOf(() =>
      trainModels(dataset, optionsOf({ models: ["svd", "ease", "als"] }), untouched),
    );
    expect(failure.code).toBe("TRAIN_UNKNOWN_KIND");
    expect(failure.message).toContain('"svd", "als"');
  });

  test("hyperparameters that do not fit, and a kind listed twice", async () => {
    const bad = [{ kind: "ease", hyperparameters: { regularization: -1, lambda: 3 } }];
    const failure = await failureOf(() => trainModels(dataset, optionsOf({ models: bad }), untouched));
    expect(failure.code).toBe("TRAIN_CONFIG");
    expect(failure.message).toMatch(/regularization: .*\n.*lambda/);
    const twice = await failureOf(() =>
      trainModels(dataset, optionsOf({ models: ["ease", "ease"] }), untouched),
    );
    expect(twice.code).toBe("TRAIN_CONFIG");
  });

  test("models above export.maxBytes, each with its size", async () => {
    const models = ["ease", { kind: "autoencoder", hyperparameters: { hidden: 500 } }];
    const failure = await failureOf(() =>
      trainModels(dataset, optionsOf({ models }, { maxBytes: 5000 }), untouched),
    );
    expect(failure.code).toBe("EXPORT_TOO_LARGE");
    expect(failure.message).toMatch(/ease: .* MB.*\n.*autoencoder: .* MB/);
  });

  test("the budget keeps a neighbour model under the limit", async () => {
    const tight = optionsOf({ models: ["ease"] }, { maxBytes: 5000, budgetBytes: 40 * 8 * 2 });
    const result = await trainModels(dataset, tight, hooksOf());
    expect(result.manifest.models[1]!.bytes).toBe(40 * 8 * 2);
  });
});

test("a fit ends after two checkpoints in a row that are no better than its best", async () => {
  const patient = { ...smallAutoencoder.hyperparameters, epochs: 400 };
  const models = [{ kind: "autoencoder", hyperparameters: patient }];
  const { manifest } = await trainModels(dataset, optionsOf({ models }), hooksOf());
  const { trials, hyperparameters } = manifest.models[1]!;
  const values = trials.map((trial) => trial.value);
  expect(trials.length).toBeLessThan(80);
  expect(values.indexOf(Math.max(...values))).toBe(values.length - 3);
  expect(hyperparameters.epochs).toBe(5 * (values.length - 2));
});

describe("stopping", () => {
  test.each(["projected", "trial", "epoch", "chosen", "fitted"] as const)("after %s", async (type) => {
    const controller = new AbortController();
    const hooks = hooksOf({
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === type) controller.abort();
      },
    });
    const failure = await failureOf(() =>
      trainModels(dataset, optionsOf({ models: [smallAutoencoder] }), hooks),
    );
    expect(failure.code).toBe("TRAIN_ABORTED");
  });
});

describe("the training key", () => {
  test("changes with the data, the seed, the config and the budget, not with the rest", () => {
    const options = optionsOf({});
    const key = trainingKey("a", options);
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(trainingKey("a", optionsOf({}))).toBe(key);
    expect(trainingKey("b", options)).not.toBe(key);
    expect(trainingKey("a", { ...options, seed: 1 })).not.toBe(key);
    expect(trainingKey("a", optionsOf({ metric: "recall@5" }))).not.toBe(key);
    expect(trainingKey("a", optionsOf({}, { budgetBytes: 1 }))).not.toBe(key);
    expect(trainingKey("a", optionsOf({}, { goldenRows: 9 }))).toBe(key);
  });
});
