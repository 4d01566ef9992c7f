import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { type TaskName, taskNames } from "@attune/contracts";
import { parseArtifactManifest, parseGoldenFile } from "@attune/contracts/manifest";
import { readModel } from "@attune/onnx";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportInput, exportInputs } from "../fixtures/export-input.ts";
import { trainingExample } from "../fixtures/facts.ts";
import { constantModel, neighbourModel } from "../fixtures/models.ts";
import { feedColumns, loadModel, runBatch } from "../fixtures/run-model.ts";
import { sequenceModel } from "../fixtures/sequence-model.ts";
import { exportArtifact } from "./export-artifact.ts";

const run = promisify(execFile);
const packageDir = path.resolve(import.meta.dirname, "../..");

let outDir: string;

beforeEach(async () => {
  outDir = await mkdtemp(path.join(tmpdir(), "attune-export-"));
});

afterEach(() => rm(outDir, { recursive: true, force: true }));

async function readJson(dir: string, name: string): Promise<unknown> {
  return JSON.parse(await readFile(path.join(dir, name), "utf8"));
}

async function hashOf(dir: string, name: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path.join(dir, name)))
    .digest("hex");
}

describe("exportArtifact", () => {
  test("writes a folder whose manifest fits every file", async () => {
    const { dir, manifest, cached } = await exportArtifact(exportInput(outDir));
    expect(cached).toBe(false);
    expect(dir).toBe(path.join(outDir, "movies", "1"));
    expect((await readdir(dir)).sort()).toEqual([
      "README.md",
      "golden.json",
      "items.json",
      "items.json.br",
      "items.json.gz",
      "manifest.json",
      "model.onnx",
      "model.onnx.br",
      "model.onnx.gz",
      "report.html",
    ]);
    expect(parseArtifactManifest(await readJson(dir, "manifest.json"), "manifest.json")).toEqual(manifest);
    for (const [name, { sha256 }] of Object.entries(manifest.files)) {
      expect(await hashOf(dir, name)).toBe(sha256);
    }
    expect(Object.keys(manifest.files).sort()).toEqual([
      "README.md",
      "golden.json",
      "items.json",
      "items.json.br",
      "items.json.gz",
      "model.onnx",
      "model.onnx.br",
      "model.onnx.gz",
      "report.html",
    ]);
    expect(manifest.leaderboard.map((row) => [row.kind, row.chosen])).toEqual([
      ["popularity", false],
      ["item-knn", false],
      ["ease", true],
      ["autoencoder", false],
    ]);
    expect(await readdir(path.join(outDir, "movies"))).toEqual(["1"]);
  });

  test("the parts of the model in the report add up to the file", async () => {
    const { dir, manifest } = await exportArtifact(exportInput(outDir));
    const report = await readFile(path.join(dir, "report.html"), "utf8");
    const sizes = /Size by part<\/caption>.*?<\/table>/s.exec(report)![0];
    const unit = { B: 1, kB: 1e3 };
    const bytes = [...sizes.matchAll(/>([\d.]+)\u00a0(k?B)</g)].map(
      ([, number, name]) => Number(number) * unit[name as "B" | "kB"],
    );
    expect(bytes).toHaveLength(4);
    const total = bytes.reduce((sum, part) => sum + part, 0);
    expect(Math.abs(total - manifest.files["model.onnx"]!.bytes)).toBeLessThan(4 * 50);
  });

  test.each([
    ["a bag of items", neighbourModel({ items: 48, neighbours: 6 })],
    ["order, time and features", sequenceModel(48)],
  ])("the written model gives the answers of the golden rows: %s", async (_, model) => {
    const { dir } = await exportArtifact(exportInput(outDir, { model }));
    const golden = parseGoldenFile(await readJson(dir, "golden.json"), "golden.json");
    if (golden.task !== "recommend") throw new TypeError(golden.task);
    const session = await loadModel(await readFile(path.join(dir, "model.onnx")));
    expect(golden.rows).toHaveLength(64);
    for (const { times, features, ...row } of golden.rows) {
      const request = { ...row, ...(times && { times }), ...(features && { features }) };
      const [answer] = await runBatch(session, [request], model.fragment.columns);
      expect(answer).toMatchObject({
        items: row.expected.items,
        source: row.expected.source,
        unknown: row.expected.unknown,
      });
      answer!.scores.forEach((score, rank) => {
        const difference = Math.abs(score - row.expected.scores[rank]!);
        expect(difference).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(score)));
      });
    }
  });

  test.each(["classify", "regress", "hierarchical"] as const)(
    "the written model gives the answers of the golden rows: %s",
    async (task) => {
      const { dir, manifest } = await exportArtifact<TaskName>(exportInputs[task](outDir));
      const golden = parseGoldenFile(await readJson(dir, "golden.json"), "golden.json");
      if (golden.task === "recommend") throw new TypeError(golden.task);
      const session = await loadModel(await readFile(path.join(dir, "model.onnx")));
      expect(session.inputNames).toEqual(manifest.inputs.map(({ name }) => name));
      for (const { inputs, expected } of golden.rows) {
        const out = await session.run(feedColumns(manifest.inputs, [inputs]));
        for (const [name, value] of Object.entries(expected)) {
          const wanted = typeof value === "object" ? Object.values(value) : [value];
          const actual = Array.from(out[name]!.data as ArrayLike<number | string>);
          expect(actual).toHaveLength(wanted.length);
          wanted.forEach((one, at) => {
            if (typeof one === "number") {
              const difference = Math.abs(one - Number(actual[at]));
              expect(difference).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(one)));
            } else expect(actual[at]).toBe(one);
          });
        }
      }
    },
  );

  test.each(taskNames)("writes a whole artifact, found again: %s", async (task) => {
    const { dir, manifest } = await exportArtifact<TaskName>(exportInputs[task](outDir));
    expect(parseArtifactManifest(await readJson(dir, "manifest.json"), "manifest.json")).toEqual(manifest);
    expect(manifest.task).toBe(task);
    expect(await exportArtifact<TaskName>(exportInputs[task](outDir))).toEqual({
      dir,
      manifest,
      cached: true,
    });
  });

  test("the manifest names what was measured and released, and what only its task has", async () => {
    const { manifest } = await exportArtifact(exportInput(outDir, { model: sequenceModel(48) }));
    expect(manifest).toMatchObject({
      data: {
        measured: { events: 72_219, users: 590, items: 3_412 },
        released: { events: 90_274, users: 610, items: 3_650 },
      },
      limits: { maxK: 1000, maxHistory: 1000, maxExclude: 10_000, maxAllow: 10_000 },
      repeats: "drop",
      inputs: [
        { name: "country", kind: "category", levels: ["cz", "日本"] },
        { name: "interests", kind: "set", levels: ["a", "b"] },
        { name: "age", kind: "number" },
        { name: "query", kind: "text" },
      ],
    });
    const classify = await exportArtifact(exportInputs.classify(outDir));
    expect(classify.manifest.classes).toEqual(["no", "maybe so", "そう"]);
    const hierarchical = await exportArtifact(exportInputs.hierarchical(outDir));
    expect(hierarchical.manifest).toMatchObject({ levels: ["region", "shop"] });
    expect(hierarchical.manifest).not.toHaveProperty("preset");
    const { config } = exportInputs.hierarchical(outDir);
    const elastic = {
      ...exportInputs.hierarchical(outDir),
      config: { ...config, preset: "elasticity" as const },
    };
    expect((await exportArtifact(elastic)).manifest.preset).toBe("elasticity");
  });

  test("the same export again is found, another one gets the next number", async () => {
    const first = await exportArtifact(exportInput(outDir));
    const again = await exportArtifact(exportInput(outDir));
    expect(again).toEqual({ ...first, cached: true });

    const other = neighbourModel({ items: 48, neighbours: 6, seed: 2 });
    const second = await exportArtifact(exportInput(outDir, { model: other }));
    expect(second).toMatchObject({ cached: false, manifest: { version: 2 } });
    const retrained = { ...trainingExample, key: "0000000000000001" };
    const third = await exportArtifact(exportInput(outDir, { training: retrained }));
    expect(third.manifest.version).toBe(3);
    // The same model.onnx, but another golden.json.
    const { config } = exportInput(outDir);
    const fewer = { ...config, export: { ...config.export, goldenRows: 16 } };
    const fourth = await exportArtifact(exportInput(outDir, { training: retrained, config: fewer }));
    expect(fourth).toMatchObject({ cached: false, manifest: { version: 4 } });
    expect(fourth.manifest.files["model.onnx"]).toEqual(third.manifest.files["model.onnx"]);
  });

  test("what was exported last is the newest version, also after going back to an earlier config", async () => {
    await exportArtifact(exportInput(outDir));
    await exportArtifact(exportInput(outDir, { training: { ...trainingExample, key: "0000000000000001" } }));
    expect(await exportArtifact(exportInput(outDir))).toMatchObject({
      cached: false,
      manifest: { version: 3, trainingKey: trainingExample.key },
    });
  });

  test("runs at once write one version", async () => {
    const runs = await Promise.all([1, 2, 3, 4].map(() => exportArtifact(exportInput(outDir))));
    expect(runs.map(({ manifest }) => manifest.version)).toEqual([1, 1, 1, 1]);
    expect(runs.filter(({ cached }) => !cached)).toHaveLength(1);
    expect(await readdir(path.join(outDir, "movies"))).toEqual(["1"]);
  });

  test("a version whose report is being rewritten by a verification is not written twice", async () => {
    const { dir } = await exportArtifact(exportInput(outDir));
    const report = path.join(dir, "report.html");
    const before = await readFile(report);
    await writeFile(report, "half");
    const again = exportArtifact(exportInput(outDir));
    await setTimeout(150);
    await writeFile(report, before);
    expect(await again).toMatchObject({ cached: true, manifest: { version: 1 } });
  });

  test("a damaged version is not taken for the same export", async () => {
    const first = await exportArtifact(exportInput(outDir));
    await writeFile(path.join(first.dir, "golden.json"), "{}");
    expect(await exportArtifact(exportInput(outDir))).toMatchObject({
      cached: false,
      manifest: { version: 2 },
    });
  });

  test("is as open to other users as the folder it lies in", async () => {
    const { dir } = await exportArtifact(exportInput(path.join(outDir, "models")));
    expect((await stat(dir)).mode).toBe((await stat(path.dirname(dir))).mode);
  });

  test("writes the same bytes into another folder", async () => {
    const one = await exportArtifact(exportInput(path.join(outDir, "one")));
    const two = await exportArtifact(exportInput(path.join(outDir, "two")));
    expect(two.manifest).toEqual(one.manifest);
  });

  test("takes the version asked for, and refuses one that holds something else", async () => {
    expect((await exportArtifact(exportInput(outDir), { version: 7 })).manifest.version).toBe(7);
    expect(await exportArtifact(exportInput(outDir), { version: 7 })).toMatchObject({ cached: true });
    const other = exportInput(outDir, { model: neighbourModel({ items: 48, neighbours: 6, seed: 2 }) });
    await expect(exportArtifact(other, { version: 7 })).rejects.toMatchObject({ code: "FILE_WRITE" });
    expect(await readdir(path.join(outDir, "movies"))).toEqual(["7"]);
    expect((await exportArtifact(other)).manifest.version).toBe(8);
  });

  test("writes config.pbtxt beside the versions on demand", async () => {
    await exportArtifact(exportInput(outDir), { triton: true });
    expect(await readFile(path.join(outDir, "movies", "config.pbtxt"), "utf8")).toContain(
      '{ name: "history" data_type: TYPE_STRING dims: [ -1, -1 ] }',
    );
  });

  test("writes config.pbtxt also when the version is there already", async () => {
    await exportArtifact(exportInput(outDir));
    expect(await exportArtifact(exportInput(outDir), { triton: true })).toMatchObject({ cached: true });
    expect(await readdir(path.join(outDir, "movies"))).toEqual(["1", "config.pbtxt"]);
  });

  test("a target that is no folder gives FILE_WRITE and leaves nothing behind", async () => {
    const file = path.join(outDir, "file");
    await writeFile(file, "x");
    await expect(exportArtifact(exportInput(file))).rejects.toMatchObject({
      code: "FILE_WRITE",
      details: { path: path.join(file, "movies", "1"), reason: expect.stringMatching(/^(ENOTDIR|EEXIST)/) },
    });
    expect(await readdir(outDir)).toEqual(["file"]);
  });

  test("a disk that refuses half-way gives FILE_WRITE and leaves nothing behind", async () => {
    // The shell's limit on file size stands in for a full disk: the report does not fit, the model before it does.
    const script = `
      import { exportArtifact } from "./src/index.ts";
      import { exportInput } from "./src/fixtures/export-input.ts";
      const written = exportArtifact(exportInput(process.argv[1]));
      console.log(JSON.stringify(await written.catch((error) => error)));`;
    const node = [
      process.execPath,
      "--conditions=@attune/source",
      "--input-type=module-typescript",
      "-e",
      script,
    ];
    const { stdout } = await run("sh", ["-c", 'ulimit -f 100; exec "$@"', "sh", ...node, outDir], {
      cwd: packageDir,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      code: "FILE_WRITE",
      details: { path: path.join(outDir, "movies", "1"), reason: expect.stringMatching(/^EFBIG/) },
    });
    expect(await readdir(outDir)).toEqual([]);
  });

  async function runCard(dir: string): Promise<Record<string, unknown[]>> {
    const card = await readFile(path.join(dir, "README.md"), "utf8");
    const snippet = card.match(/```js\n([\s\S]*?)```/)![1]!;
    const here = snippet.replace("model.onnx", path.join(dir, "model.onnx"));
    const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "-e", here], {
      cwd: packageDir,
    });
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  }

  test.each([
    ["a bag of items", neighbourModel({ items: 48, neighbours: 6 })],
    ["order, time and features", sequenceModel(48)],
  ])("the lines of the card run: %s", async (_, model) => {
    const { dir } = await exportArtifact(exportInput(outDir, { model }));
    const { items, scores, source } = await runCard(dir);
    expect(items).toHaveLength(10);
    expect(scores).toEqual((scores as number[]).toSorted((a, b) => b - a));
    expect(source).toEqual(["fallback"]);
  });

  test.each([
    ["classify", { label: [expect.any(String)], probabilities: [0, 1, 2].map(() => expect.any(Number)) }],
    ["regress", { value: [expect.any(Number)] }],
    [
      "hierarchical",
      {
        mean: [expect.any(Number)],
        lower: [expect.any(Number)],
        upper: [expect.any(Number)],
        level: ["shop"],
      },
    ],
  ] as const)("the lines of the card run: %s", async (task, expected) => {
    const { dir } = await exportArtifact<TaskName>(exportInputs[task](outDir));
    expect(await runCard(dir)).toEqual(expected);
  });

  test("refuses a model above the limit before anything is written", async () => {
    const { config } = exportInput(outDir);
    const limited = { ...config, export: { ...config.export, maxBytes: 5000 } };
    await expect(exportArtifact(exportInput(outDir, { config: limited }))).rejects.toMatchObject({
      code: "EXPORT_TOO_LARGE",
      details: { parts: expect.arrayContaining([expect.stringContaining("weights")]) },
    });
    const broken = constantModel(Array.from({ length: 48 }, () => Number.NaN));
    await expect(exportArtifact(exportInput(outDir, { model: broken }))).rejects.toMatchObject({
      code: "EXPORT_NOT_FINITE",
    });
    expect(await readdir(outDir)).toEqual([]);
  });

  test("keeps only the names of data files outside the project", async () => {
    const { config } = exportInput(outDir);
    const events = { ...config.data.events, path: "/home/mallory/ratings.csv" };
    const foreign = { ...config, data: { ...config.data, events } };
    const { dir } = await exportArtifact(exportInput(outDir, { config: foreign }));
    for (const name of await readdir(dir)) {
      expect(await readFile(path.join(dir, name), "utf8")).not.toContain("mallory");
    }
    const split = { kind: "given" as const, testFile: "../mallory/test.csv" };
    const given = await exportArtifact(
      exportInput(outDir, { config: { ...config, data: { ...config.data, split } } }),
    );
    expect(given.manifest.config).toMatchObject({ data: { split: { testFile: "test.csv" } } });
  });

  test("gives the file what it needs without its manifest", async () => {
    const { dir } = await exportArtifact(exportInput(outDir));
    const { metadata } = readModel(await readFile(path.join(dir, "model.onnx")));
    expect(metadata).toMatchObject({ "attune.name": "movies", "attune.items": "48", "attune.max_k": "1000" });
  });
});
