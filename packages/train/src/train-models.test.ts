import { eventRole, type RegressDataset } from "@attune/contracts";
import { parseTrainingManifest } from "@attune/contracts/manifest";
import { failureOf } from "@attune/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import type { TrainingEvent } from "./events.ts";
import { hooksOf, regressOptions } from "./fixtures/options.ts";
import {
  jitterTrainer,
  lineDataset,
  lineTrainer,
  meanTrainer,
  slopeTrainer,
  toyFamily,
} from "./fixtures/toy-family.ts";
import { type TrainingResult, trainModels } from "./train-models.ts";

const dataset = lineDataset();

describe("a whole run", () => {
  const events: TrainingEvent[] = [];
  let result: TrainingResult<"regress">;
  beforeAll(async () => {
    const hooks = hooksOf({ onEvent: (event) => events.push(event) });
    result = await trainModels(toyFamily, dataset, regressOptions(), hooks);
  });

  test("the manifest fits its schema; models stand by complexity, whatever the list's order", () => {
    const manifest = parseTrainingManifest({ ...result.manifest, files: {} }, "manifest.json");
    expect(manifest.models.map(({ kind }) => kind)).toEqual(["mean", "slope", "jitter"]);
    expect(manifest).toMatchObject({ task: "regress", baseline: "mean", better: "lower", unit: "row" });
  });

  test("the line beats the mean, and its random twin does not beat the line", () => {
    const { chosen, challenges, reason } = result.manifest;
    expect(chosen).toBe("slope");
    expect(challenges.map(({ challenger, holder, won }) => [challenger, holder, won])).toEqual([
      ["slope", "mean", true],
      ["jitter", "slope", false],
    ]);
    expect(reason).toContain("jitter does not clearly beat slope");
  });

  test("settings are tuned on one half of validation, models compared on the other; no row is in both", () => {
    expect(result.manifest.units).toEqual({ tuning: 20, choosing: 20, test: 40 });
    expect(events[0]).toMatchObject({ type: "planned", units: { tuning: 20, choosing: 20, test: 40 } });
  });

  test("what starts at random is compared over three seeds, what does not over one", () => {
    const seeds = Object.fromEntries(result.manifest.models.map(({ kind, seeds }) => [kind, seeds]));
    expect(seeds).toEqual({ mean: [42], slope: [42], jitter: [42, 43, 44] });
  });

  test("the leaderboard is of a fit on train and validation, the release of one on everything", () => {
    expect(result.manifest.measured).toEqual({ rows: 160 });
    expect(result.manifest.released).toEqual({ rows: 200 });
    const { x, y } = columnsOf(dataset);
    const [slope] = result.released.chosen.tensors().line!.data as Float32Array;
    const shrinkage = result.manifest.models[1]!.hyperparameters.shrinkage as number;
    const [xy, xx] = [0, 1].map((at) =>
      x.reduce((sum, value, row) => sum + value * (at === 0 ? y : x)[row]!, 0),
    );
    expect(slope).toBe(Math.fround(xy! / (xx! + shrinkage)));
  });

  test("every figure that is a mean has a bootstrap interval, differences are paired", () => {
    for (const { kind, test, differenceToBaseline } of result.manifest.models) {
      expect(test["squared-error"]!.interval).toMatchObject({ kind: "bootstrap", level: 0.95 });
      expect(differenceToBaseline === undefined).toBe(kind === "mean");
    }
    expect(result.manifest.models[1]!.differenceToBaseline!["squared-error"]!.interval!.upper).toBeLessThan(
      0,
    );
  });

  test("another run of the same seed gives the same manifest and the same bytes", async () => {
    const again = await trainModels(toyFamily, dataset, regressOptions(), hooksOf());
    expect(again.manifest).toEqual(result.manifest);
    expect(again.released.chosen.tensors()).toEqual(result.released.chosen.tensors());
  });

  test("no leakage: other test rows change no trial, no choice and no refit; only test figures and the release", async () => {
    const { y } = columnsOf(dataset);
    const data = y.map((value, row) => (dataset.rows.roles[row] === eventRole.test ? value + 3 : value));
    const other: RegressDataset = {
      ...dataset,
      rows: { ...dataset.rows, target: { name: "y", kind: "number", data } },
    };
    const changed = await trainModels(toyFamily, other, regressOptions(), hooksOf());
    expect(changed.manifest.reason).toBe(result.manifest.reason);
    changed.manifest.models.forEach((model, at) => {
      const { trials, validation, description, test } = result.manifest.models[at]!;
      expect(model).toMatchObject({ trials, validation, description });
      expect(model.test).not.toEqual(test);
    });
  });
});

function columnsOf({ rows }: RegressDataset) {
  const [x] = rows.table.columns;
  return { x: (x as { data: Float64Array }).data, y: (rows.target as { data: Float64Array }).data };
}

describe("what does not fit", () => {
  const large = lineTrainer({ kind: "large", complexity: 30, solve: () => [0, 0], reasons: ["needs 9 GB"] });
  const slow = lineTrainer({ kind: "slow", complexity: 30, solve: () => [2, 0], work: 1e15 });
  const family = { ...toyFamily, trainers: [meanTrainer, slopeTrainer, large, slow] };

  test("is left out of the default list, and named with what it would need", async () => {
    const { manifest } = await trainModels(family, dataset, regressOptions(), hooksOf());
    expect(manifest.models.map(({ kind }) => kind)).toEqual(["mean", "slope"]);
    expect(manifest.leftOut).toEqual([
      { kind: "large", reasons: ["needs 9 GB"] },
      { kind: "slow", reasons: [expect.stringContaining("name it in train.models")] },
    ]);
  });

  test("is an error when asked for by name, unless it only takes long", async () => {
    const asked = regressOptions({ models: ["large", "slow"] });
    const failure = await failureOf(() => trainModels(family, dataset, asked, hooksOf()));
    expect(failure.code).toBe("TRAIN_UNFIT");
    expect(failure.details).toEqual({ issues: ["large: needs 9 GB"] });
    const patient = await trainModels(family, dataset, regressOptions({ models: ["slow"] }), hooksOf());
    expect(patient.manifest.models.map(({ kind }) => kind)).toEqual(["mean", "slow"]);
  });

  test("at the size of the release is found before any work", async () => {
    const tight = {
      ...slopeTrainer,
      kind: "tight",
      check: ({ rowCount }: { rowCount: number }) => (rowCount > 160 ? ["at most 160 rows"] : []),
    };
    const options = regressOptions({ models: ["tight"] });
    const untouched = hooksOf({ createSession: () => Promise.reject(new Error("nothing may be judged")) });
    const failure = await failureOf(() =>
      trainModels({ ...family, trainers: [meanTrainer, tight] }, dataset, options, untouched),
    );
    expect(failure.message).toContain("tight: at most 160 rows");
  });

  test("needs that rows cannot serve are said", async () => {
    const ordered = { ...slopeTrainer, kind: "ordered", needs: ["order"] as const };
    const { manifest } = await trainModels(
      { ...family, trainers: [meanTrainer, ordered] },
      dataset,
      regressOptions(),
      hooksOf(),
    );
    expect(manifest.leftOut[0]!.kind).toBe("ordered");
  });
});

describe("refusals come before any work", () => {
  const untouched = hooksOf({ createSession: () => Promise.reject(new Error("nothing may be judged")) });
  const refuse = (train: Parameters<typeof regressOptions>[0], maxBytes = 1000) =>
    failureOf(() => trainModels(toyFamily, dataset, regressOptions(train, { maxBytes }), untouched));

  test("unknown kinds, all of them", async () => {
    const failure = await refuse({ models: ["svd", "slope", "als"] });
    expect(failure.code).toBe("TRAIN_UNKNOWN_KIND");
    expect(failure.message).toContain('"svd", "als"');
  });

  test("a kind listed twice", async () => {
    expect((await refuse({ models: ["slope", "slope"] })).code).toBe("TRAIN_CONFIG");
  });

  test("models above export.maxBytes, each with its size", async () => {
    const failure = await refuse({ models: ["slope", "jitter"] }, 7);
    expect(failure.code).toBe("EXPORT_TOO_LARGE");
    expect(failure.message).toMatch(/mean: .* MB.*\n.*slope: .* MB.*\n.*jitter: .* MB/);
  });

  test("a task that no trainer serves", async () => {
    const run = () => trainModels({ ...toyFamily, trainers: [] }, dataset, regressOptions(), untouched);
    expect((await failureOf(run)).code).toBe("TRAIN_NO_TRAINER");
  });

  test("a metric of another task", async () => {
    const options = regressOptions();
    const wrong = { ...options, train: { ...options.train, metric: "ndcg@10" as "squared-error" } };
    const failure = await failureOf(() => trainModels(toyFamily, dataset, wrong, untouched));
    expect(failure.message).toContain("squared-error, absolute-error");
  });
});

test("the budget of trials is the same for every trainer", async () => {
  const { manifest } = await trainModels(
    toyFamily,
    dataset,
    regressOptions({ budget: { trials: 1 } }),
    hooksOf(),
  );
  expect(manifest.models.map(({ trials }) => trials.length)).toEqual([1, 1, 1]);
  expect(manifest.budget).toEqual({ trials: 1, seeds: 3 });
});

test("a budget of minutes stops a search after the setting at hand", async () => {
  let time = 0;
  const hooks = hooksOf({ now: () => (time += 60_000) });
  const options = regressOptions({ budget: { minutes: 0.5 } });
  const { manifest } = await trainModels(toyFamily, dataset, options, hooks);
  expect(manifest.models.map(({ trials }) => trials.length)).toEqual([1, 1, 1]);
});

test("fitAll is taken where a trainer has it", async () => {
  const asked: number[] = [];
  const shared = {
    ...slopeTrainer,
    async *fitAll(...[data, configs, hooks]: Parameters<NonNullable<typeof slopeTrainer.fitAll>>) {
      asked.push(configs.length);
      for (const config of configs) yield { config, tensors: await slopeTrainer.fit(data, config, hooks) };
    },
  };
  const options = regressOptions();
  const { manifest } = await trainModels(
    { ...toyFamily, trainers: [meanTrainer, shared] },
    dataset,
    options,
    hooksOf(),
  );
  expect(asked).toEqual([2]);
  expect(manifest.models[1]!.trials).toHaveLength(2);
});

describe("stopping", () => {
  test.each(["planned", "trial", "chosen", "fitted"] as const)("after %s", async (type) => {
    const controller = new AbortController();
    const hooks = hooksOf({
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === type) controller.abort();
      },
    });
    const run = () =>
      trainModels({ ...toyFamily, trainers: [meanTrainer, jitterTrainer] }, dataset, regressOptions(), hooks);
    expect((await failureOf(run)).code).toBe("TRAIN_ABORTED");
  });
});
