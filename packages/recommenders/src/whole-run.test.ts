// The recommenders through the whole of `trainModels`: what is learned, what is pruned, what is left out, what is measured.
import { eventRole, type RecommendDataset } from "@attune/contracts";
import { type ProjectConfigInput, parseProjectConfig } from "@attune/contracts/config";
import { parseTrainingManifest } from "@attune/contracts/manifest";
import { checkerboardDataset, createTestSession, datasetFrom, type Event, failureOf } from "@attune/testkit";
import {
  type Family,
  type TrainHooks,
  type TrainingEvent,
  type TrainingResult,
  type TrainOptions,
  trainModels,
} from "@attune/train";
import { beforeAll, describe, expect, test } from "vitest";
import { autoencoder, ease, itemKnn, popularity, recommendTask, scoreNobody } from "./index.ts";

const family: Family<"recommend"> = {
  task: recommendTask,
  trainers: [autoencoder, ease, itemKnn, popularity],
};
const smallAutoencoder = {
  kind: "autoencoder",
  hyperparameters: { hidden: 4, epochs: 10, batchSize: 20, learningRate: 0.02 },
};
const dataset = checkerboardDataset({ userCount: 60, itemCount: 40 });

type Input = Extract<ProjectConfigInput, { data: { events: unknown } }>;

function optionsOf(train: Input["train"], exportConfig: Input["export"] = {}): TrainOptions<"recommend"> {
  const config = parseProjectConfig(
    {
      name: "test",
      data: { events: { path: "events.csv", columns: { user: "user", item: "item" } } },
      train: { cutoffs: [2, 5], bootstrapSamples: 200, ...train },
      export: exportConfig,
    },
    "test",
  );
  if (config.task !== "recommend") throw new Error("another task");
  return { seed: 42, train: config.train, exportConfig: config.export };
}

/** A clock that goes one millisecond a look. */
function hooksOf(more: Partial<TrainHooks> = {}): TrainHooks {
  let time = 0;
  return { createSession: createTestSession, now: () => time++, ...more };
}

describe("a whole run", () => {
  const events: TrainingEvent[] = [];
  let result: TrainingResult<"recommend">;
  const options = optionsOf({ models: [smallAutoencoder, "ease", "item-knn"] }, { budgetBytes: 40 * 8 * 10 });

  beforeAll(async () => {
    result = await trainModels(family, dataset, options, hooksOf({ onEvent: (event) => events.push(event) }));
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
    expect(manifest.units).toEqual({ tuning: 30, choosing: 30, test: 60 });
  });

  test("every model has figures at every cut-off; those of all lists together have no interval", () => {
    for (const model of result.manifest.models) {
      for (const k of [2, 5, 10]) {
        expect(model.validation[`ndcg@${k}`]!.value).toBeGreaterThanOrEqual(0);
        const { lower, upper } = model.test[`recall@${k}`]!.interval!;
        expect(upper).toBeGreaterThanOrEqual(lower);
        expect(model.test[`coverage@${k}`]).toEqual({ value: expect.any(Number) });
        expect(model.test[`novelty@${k}`]!.value).toBeGreaterThan(0);
      }
      expect(model.slices["users:light"]!.units + model.slices["users:heavy"]!.units).toBe(60);
      expect(model.trials.length).toBeGreaterThan(0);
      expect(model.differenceToBaseline === undefined).toBe(model.kind === "popularity");
    }
  });

  test("colours are learned: the chosen model beats popularity on the test users beyond doubt", () => {
    const chosen = result.manifest.models.find((model) => model.kind === result.manifest.chosen)!;
    expect(["item-knn", "ease", "autoencoder"]).toContain(chosen.kind);
    expect(chosen.differenceToBaseline!["ndcg@10"]!.interval!.lower).toBeGreaterThan(0);
    expect(result.released.chosen.kind).toBe(chosen.kind);
    expect(result.released.chosen.hyperparameters).toEqual(chosen.hyperparameters);
  });

  test("neighbour models are shrunk to the budget before they are judged, and the cost is told with its interval", () => {
    for (const model of result.manifest.models.filter(({ kind }) => kind === "item-knn" || kind === "ease")) {
      expect(model.bytes).toBe(40 * 8 * 10);
    }
    const { pruning, chosen } = result.manifest;
    if (chosen === "autoencoder") expect(pruning).toBeUndefined();
    else {
      expect(pruning).toMatchObject({ kept: "10 neighbours per item", bytesAfter: 40 * 8 * 10 });
      expect(pruning!.change.value).toBeCloseTo(pruning!.after.value - pruning!.before.value, 12);
      expect(pruning!.change.interval!.kind).toBe("bootstrap");
    }
  });

  test("popularity's scores are those of train and validation where it is measured, of everything where it is released", () => {
    const counts = (hidden: number | undefined) => {
      const sums = new Float64Array(40);
      dataset.measured.events.items.forEach((item, e) => {
        if (dataset.measured.roles[e] !== hidden) sums[item]! += 1;
      });
      return Float32Array.from(sums, (count) => count / Math.max(...sums));
    };
    expect(scoreNobody(result.measured.baseline)).toEqual(counts(eventRole.test));
    expect(scoreNobody(result.released.baseline)).toEqual(counts(undefined));
  });

  test("events tell the plan first, then each trial with its total, fits, judgements, and the choice once", () => {
    const [planned] = events;
    if (planned?.type !== "planned") throw new Error("the plan is not the first event");
    for (const { kind, trials } of planned.models) {
      const own = events.filter((event) => event.type === "trial" && event.kind === kind);
      const numbers = own.map((event) => (event.type === "trial" ? event.trial : 0));
      expect([...new Set(numbers)]).toEqual(Array.from({ length: trials }, (_, at) => at + 1));
      const judged = events.filter((event) => event.type === "judged" && event.kind === kind);
      expect(judged.map((event) => event.type === "judged" && event.split)).toEqual(["validation", "test"]);
    }
    expect(events.filter((event) => event.type === "chosen")).toHaveLength(1);
    expect(events.some((event) => event.type === "fitting" && event.stage === "search")).toBe(true);
    expect(events.some((event) => event.type === "judging")).toBe(true);
  });

  test("another run of the same seed gives the same manifest and the same bytes", async () => {
    const again = await trainModels(family, dataset, options, hooksOf());
    const untimed = ({ models, ...rest }: typeof result.manifest) => ({
      ...rest,
      models: models.map((model) => ({ ...model, fitMs: 0, searchMs: 0 })),
    });
    expect(untimed(again.manifest)).toEqual(untimed(result.manifest));
    expect(again.released.chosen.tensors()).toEqual(result.released.chosen.tensors());
  });

  test("no leakage: other test events change no measured weight, no trial and no choice", async () => {
    const { measured } = dataset;
    const items = measured.events.items.map((item, e) =>
      measured.roles[e] === eventRole.test ? (item + 1 + (e % 7)) % 40 : item,
    );
    const other: RecommendDataset = {
      ...dataset,
      measured: { ...measured, events: { ...measured.events, items } },
    };
    const changed = await trainModels(family, other, options, hooksOf());
    expect(changed.measured.chosen.tensors()).toEqual(result.measured.chosen.tensors());
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
    const options = optionsOf({ models: ["item-knn"] });
    const result = await trainModels(family, datasetFrom(noise, 50, 30), options, hooksOf());
    expect(result.manifest.chosen).toBe("popularity");
    expect(result.released.chosen).toBe(result.released.baseline);
    expect(result.manifest.pruning).toBeUndefined();
  });

  test("fixed hyperparameters are used as they are", async () => {
    const models = [{ kind: "ease", hyperparameters: { regularization: 77, neighbours: 5 } }];
    const { manifest } = await trainModels(family, dataset, optionsOf({ models }), hooksOf());
    expect(manifest.models[1]!.hyperparameters).toEqual({ regularization: 77, neighbours: 5 });
    expect(manifest.models[1]!.trials).toHaveLength(1);
  });

  test("hyperparameters that do not fit are refused, all of them", async () => {
    const models = [{ kind: "ease", hyperparameters: { regularization: -1, lambda: 3 } }];
    const failure = await failureOf(() => trainModels(family, dataset, optionsOf({ models }), hooksOf()));
    expect(failure.code).toBe("TRAIN_CONFIG");
    expect(failure.message).toMatch(/regularization: .*\n.*lambda/);
  });

  test("the budget keeps a neighbour model under the limit", async () => {
    const tight = optionsOf({ models: ["ease"] }, { maxBytes: 5000, budgetBytes: 40 * 8 * 2 });
    const { manifest } = await trainModels(family, dataset, tight, hooksOf());
    expect(manifest.models[1]!.bytes).toBe(40 * 8 * 2);
  });
});

test("a fit ends after two checkpoints in a row that are no better than its best", async () => {
  const patient = { ...smallAutoencoder.hyperparameters, epochs: 400 };
  const models = [{ kind: "autoencoder", hyperparameters: patient }];
  const { manifest } = await trainModels(family, dataset, optionsOf({ models }), hooksOf());
  const { trials, hyperparameters } = manifest.models[1]!;
  const values = trials.map((trial) => trial.value);
  expect(trials.length).toBeLessThan(80);
  expect(values.indexOf(Math.max(...values))).toBe(values.length - 3);
  expect(hyperparameters.epochs).toBe(5 * (values.length - 2));
});

describe("data of a size that a trainer cannot serve", () => {
  /** Sizes only: nothing is fitted. */
  const shape = {
    userCount: 27_000,
    itemCount: 40_981,
    eventCount: 1_027_370,
    spanDays: 300,
    hasTime: true,
    itemFeatures: [],
    userFeatures: [],
  };

  test("EASE says what its matrix would need instead of stopping the run", () => {
    const [config] = ease.candidates(shape, {});
    expect(ease.check!(shape, config!)).toEqual([expect.stringMatching(/27000 × 27000.*needs 5832 MB/)]);
  });

  test("the autoencoder says how long a fit takes", () => {
    const [config] = autoencoder.candidates(shape, {});
    expect(autoencoder.work!(shape, config!)).toBeGreaterThan(2e12);
  });

  test("item-kNN and popularity take any size", () => {
    for (const trainer of [popularity, itemKnn]) {
      const [config] = trainer.candidates(shape, {});
      expect(trainer.check?.(shape, config!) ?? []).toEqual([]);
    }
  });
});
