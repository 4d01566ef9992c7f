// The house for every task: a trainer that nobody has seen before, in its own file and a list of its own, goes the whole
// way (train, choose, export, verify in Node and Chromium, serve, report) without another file being edited.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Dataset, EventRole, TaskName } from "@attune/contracts";
import { type ProjectConfigInput, parseProjectConfig } from "@attune/contracts/config";
import { popularity } from "@attune/recommenders";
import { createServer } from "@attune/server";
import { datasetFrom, type Event } from "@attune/testkit";
import type { Family } from "@attune/train";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Io } from "../../../packages/cli/src/io.ts";
import { runEvaluate } from "../../../packages/cli/src/pipeline/evaluate.ts";
import { runTrain } from "../../../packages/cli/src/pipeline/train.ts";
import { runVerify } from "../../../packages/cli/src/pipeline/verify.ts";
import type { Project } from "../../../packages/cli/src/project/load.ts";
import { runExport } from "../../../packages/cli/src/release/run-export.ts";
import { classifyFamily } from "./classify.ts";
import { classifyDataset, hierarchicalDataset, regressDataset } from "./datasets.ts";
import { hierarchicalFamily } from "./hierarchical.ts";
import { recommendFamily } from "./recommend.ts";
import { regressFamily } from "./regress.ts";

const train = { bootstrapSamples: 200 };
const table = { path: "toy.csv", features: {} };

interface Toy<T extends TaskName> {
  readonly family: Family<T>;
  readonly dataset: Dataset<T>;
  readonly config: ProjectConfigInput;
  /** The toy that must be chosen, since its data is made for it. */
  readonly chosen: string;
  readonly route: string;
  readonly body: object;
  /** Figures of all answers together. */
  readonly statistics?: readonly string[];
  /** What the served answer must look like. */
  readonly answer: object;
}

/** Everyone walks round the catalogue, one item after the other, from a start of their own. */
const untimed = datasetFrom(
  Array.from({ length: 60 }, (_, user) =>
    ["train", "train", "train", "train", "validation", "test"].map((role, step): Event => {
      return { user, item: (user + step) % 20, timeMs: 1000 * step, role: role as EventRole };
    }),
  ).flat(),
  60,
  20,
);
const walks: Dataset<"recommend"> = {
  ...untimed,
  manifest: { ...untimed.manifest, timeRange: { firstMs: 0, lastMs: 5000 } },
};

const recommend: Toy<"recommend"> = {
  family: recommendFamily(popularity),
  dataset: walks,
  config: { name: "toy", data: { events: { path: "e.csv", columns: { user: "u", item: "i" } } }, train },
  chosen: "successor",
  route: "/v1/recommend",
  body: {
    history: [
      { item: "item-9", time: 1_700_000_000 },
      { item: "item-3", time: 1_700_000_060 },
    ],
    k: 1,
  },
  answer: { ids: ["item-4"], source: "model", unknown: 0 },
};
const classify: Toy<"classify"> = {
  family: classifyFamily,
  dataset: classifyDataset,
  config: { task: "classify", name: "toy", data: { table: { ...table, target: "side" } }, train },
  chosen: "by-level",
  statistics: ["auc"],
  route: "/v1/predict",
  body: { inputs: { colour: "red" } },
  answer: { label: "high", probabilities: { high: expect.closeTo(0.99, 1) } },
};
const regress: Toy<"regress"> = {
  family: regressFamily,
  dataset: regressDataset,
  config: { task: "regress", name: "toy", data: { table: { ...table, target: "y" } }, train },
  chosen: "line",
  route: "/v1/predict",
  body: { inputs: { x: 1 } },
  answer: { value: expect.closeTo(2, 0), lower: expect.any(Number), upper: expect.any(Number) },
};
const hierarchical: Toy<"hierarchical"> = {
  family: hierarchicalFamily,
  dataset: hierarchicalDataset,
  config: {
    task: "hierarchical",
    name: "toy",
    data: { table: { ...table, target: "y", levels: ["colour", "shade"] } },
    train,
  },
  chosen: "groups",
  route: "/v1/predict",
  body: { inputs: { colour: "blue", shade: "none such" } },
  answer: { mean: expect.closeTo(-3, 0), level: "colour" },
};

const dir = mkdtempSync(path.join(os.tmpdir(), "attune-toys-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const said: string[] = [];
const io: Io = {
  cwd: dir,
  env: process.env,
  interactive: false,
  json: true,
  signal: new AbortController().signal,
  now: () => performance.now(),
  say: (text) => said.push(text),
  draw: () => {},
  result: () => {},
  print: () => {},
};

function describeToy<T extends TaskName>(toy: Toy<T>): void {
  const { task } = toy.family;
  describe(`a toy of ${task.name}`, () => {
    const project = {
      dir: path.join(dir, task.name),
      config: parseProjectConfig(toy.config, "toy"),
    } as Project<T>;
    let training: Awaited<ReturnType<typeof runTrain<T>>>;
    let artifactDir: string;

    beforeAll(async () => {
      training = await runTrain(project, toy.dataset, toy.family, io);
      artifactDir = (await runExport(project, toy.dataset, training, io)).dir;
    });

    test("is trained beside the baseline, and chosen where the data is made for it", () => {
      expect(training.manifest.models).toHaveLength(2);
      expect(training.manifest.chosen).toBe(toy.chosen);
      expect(training.manifest.task).toBe(task.name);
      const [, toyRow] = training.manifest.models;
      for (const statistic of toy.statistics ?? []) {
        expect(toyRow!.test[statistic]!.interval!.lower).toBeGreaterThan(0.5);
      }
    });

    test("loads again from its folder, without training", async () => {
      expect((await runTrain(project, toy.dataset, toy.family, io)).cached).toBe(true);
    });

    test("gives the trainer's answers in Node and in Chromium", async () => {
      const { parity } = await runVerify(artifactDir, "required", io);
      for (const runtime of ["node", "web"] as const) {
        expect(parity[runtime]!.rows).toBeGreaterThan(5);
        expect(parity[runtime]!.maxAbs).toBeLessThanOrEqual(1e-5);
        expect(parity[runtime]!.sameAnswer).toBe(1);
      }
    });

    test("is served", async () => {
      const server = await createServer({
        artifactDir,
        host: "127.0.0.1",
        port: 0,
        assetsDir: undefined,
        logger: pino({ level: "silent" }),
      });
      try {
        await server.ready;
        const response = await fetch(new URL(toy.route, server.url), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(toy.body),
        });
        expect(await response.json()).toMatchObject(toy.answer);
        expect(response.status).toBe(200);
      } finally {
        await server.close();
      }
    });

    test("has a report and a card that name every model and both fits", () => {
      const report = readFileSync(path.join(artifactDir, "report.html"), "utf8");
      const card = readFileSync(path.join(artifactDir, "README.md"), "utf8");
      for (const { kind } of training.manifest.models) expect(report).toContain(kind);
      expect(report).toContain(training.manifest.metric);
      expect(card).toContain(toy.chosen);
    });
  });
}

describeToy(recommend);
describeToy(classify);
describeToy(regress);
describeToy(hierarchical);

test("evaluate sends what the toy needs: its figures are the leaderboard's", async () => {
  const project = { dir: path.join(dir, "recommend"), config: parseProjectConfig(recommend.config, "toy") };
  const { dataset, family } = recommend;
  const training = await runTrain(project as Project<"recommend">, dataset, family, io);
  const { metrics } = await runEvaluate(project as Project<"recommend">, dataset, training, io);
  const { test: leaderboard } = training.manifest.models.find(({ kind }) => kind === "successor")!;
  for (const [name, estimate] of Object.entries(metrics)) expect(estimate).toEqual(leaderboard[name]);
  expect(metrics["hit-rate@5"]!.value).toBe(1);
});
