import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventRole } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { duckdbEngine } from "./engine/duckdb/engine.ts";
import { loadDataset } from "./load.ts";
import type { PrepareEvent } from "./prepare-event.ts";
import { sql } from "./sql/sql.ts";
import { createProject, formatCsv, gridConfig, gridCsv, gridRows } from "./testing/project.ts";

describe("what a dataset holds", () => {
  test("events by user, oldest first, with ids, weights, times and roles", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const { dir, manifest, cached } = await project.prepare(gridConfig);
    const dataset = await loadDataset(dir);

    expect(cached).toBe(false);
    expect(dataset.task).toBe("recommend");
    expect(dataset.manifest).toEqual(manifest);
    const { measured } = dataset;
    expect(measured.userIds).toEqual(["ann", "bob", "cid", "dora"]);
    // w and x are train events of all four users, y is validation, z is test: neither has an index.
    expect(measured.itemIds).toEqual(["w", "x"]);
    expect(measured.itemDetails).toBeUndefined();
    expect(measured.itemFeatures).toBeUndefined();
    expect([...measured.events.offsets]).toEqual([0, 4, 8, 12, 16]);
    expect([...measured.events.items.subarray(4, 8)]).toEqual([0, 1, -1, -1]);
    expect([...measured.events.times.subarray(4, 8)]).toEqual([100_000, 110_000, 120_000, 130_000]);
    expect(new Set(measured.events.weights)).toEqual(new Set([1]));
    const { train, validation, test: testRole } = eventRole;
    expect([...measured.roles.subarray(4, 8)]).toEqual([train, train, validation, testRole]);
    expect(manifest).toMatchObject({
      name: "test",
      source: { file: "events.csv", rows: 16 },
      measured: { events: 16, users: 4, items: 2 },
      released: { events: 16, users: 4, items: 4 },
      duplicates: "last",
      repeats: "drop",
      fileOrder: false,
      roles: { train: 8, validation: 4, test: 4, validationHistory: 0, testHistory: 0 },
      targets: {
        validation: { kept: 4, repeatsDropped: 0, outsideCatalogue: 4 },
        test: { kept: 4, repeatsDropped: 0, outsideCatalogue: 4 },
      },
      timeRange: { firstMs: 0, lastMs: 330_000 },
      engine: { name: "duckdb" },
      notes: [
        "No validation target is an item that train has: every figure on the validation split is 0.",
        "No test target is an item that train has: every figure on the test split is 0.",
      ],
    });
    expect(dir).toBe(join(project.dir, ".attune", "datasets", manifest.key));
    expect(readdirSync(dir).sort()).toEqual([
      "events.parquet",
      "items.parquet",
      "manifest.json",
      "release-events.parquet",
      "release-items.parquet",
      "release-users.parquet",
      "users.parquet",
    ]);
  });

  test("the release has every event and item, and no role", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const { released } = await loadDataset((await project.prepare(gridConfig)).dir);

    expect(released.itemIds).toEqual(["w", "x", "y", "z"]);
    expect([...released.events.items.subarray(4, 8)]).toEqual([0, 1, 2, 3]);
    expect(released).not.toHaveProperty("roles");
  });

  test("without a time column the file's order is the order", async () => {
    const reversed = [...gridRows].reverse();
    const csv = formatCsv(
      ["user", "item"],
      reversed.map((row) => [row.user, row.item]),
    );
    using project = createProject({ "events.csv": csv });
    const { dir, manifest } = await project.prepare({
      ...gridConfig,
      events: { path: "events.csv", columns: { user: "user", item: "item" } },
    });
    const { events, itemIds } = (await loadDataset(dir)).measured;

    expect(itemIds).toEqual(["y", "z"]);
    // Each user's rows are z, y, x, w in the file.
    expect([...events.items.subarray(0, 4)]).toEqual([1, 0, -1, -1]);
    expect(new Set(events.times)).toEqual(new Set([0]));
    expect(manifest.timeRange).toBeUndefined();
    expect(manifest.fileOrder).toBe(true);
    expect(manifest.notes[0]).toBe(
      "events.csv has no time column: file order is taken as the order of events.",
    );
  });

  test("an event a thousand half-lives old weighs what an artifact can tell from nothing", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const rules = { ...gridConfig.rules, halfLifeDays: 0.1 / 86_400 };
    const { dir } = await project.prepare({ ...gridConfig, rules });
    const { released } = await loadDataset(dir);
    expect(Math.min(...released.events.weights)).toBe(Math.fround(1e-15));
    expect(Math.max(...released.events.weights)).toBe(1);
  });

  test("weights go by the newest train event, those of the release by the newest of all", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const rules = { ...gridConfig.rules, halfLifeDays: 10 / 86_400 };
    const { dir } = await project.prepare({ ...gridConfig, rules });
    const { measured, released } = await loadDataset(dir);

    // dora's events are 10 s apart; the train events end with her second.
    expect([...measured.events.weights.subarray(12)]).toEqual([0.5, 1, 2, 4]);
    expect([...released.events.weights.subarray(12)]).toEqual([0.125, 0.25, 0.5, 1]);
  });

  test("what k-core drops from train is history, and never fitted on", async () => {
    const rare = [
      ["eve", "w", 3, 1],
      ["ann", "rare", 3, 2],
      ["eve", "w", 3, 1000],
      ["eve", "x", 3, 1001],
    ];
    const more = formatCsv([], rare).trim();
    using project = createProject({ "events.csv": `${gridCsv}${more}\n` });
    const rules = { minUserEvents: 2, minItemEvents: 2 };
    const { dir, manifest } = await project.prepare({ ...gridConfig, rules });
    const { userIds, itemIds, events, roles } = (await loadDataset(dir)).measured;
    const eve = userIds.indexOf("eve");
    const { history, validationRepeat, test: testRole } = eventRole;

    // She has one item in train, so she stands behind those who are fitted on.
    expect(userIds).toEqual(["ann", "bob", "cid", "dora", "eve"]);
    expect([...roles.subarray(events.offsets[eve])]).toEqual([history, validationRepeat, testRole]);
    expect([...events.items.subarray(events.offsets[eve])]).toEqual([0, 0, 1]);
    expect(itemIds).not.toContain("rare");
    expect([...roles.subarray(0, 5)].filter((role) => role === history)).toHaveLength(1);
    expect(manifest.targets.validation.repeatsDropped).toBe(1);
    expect(manifest.roles).toMatchObject({ history: 2, validationRepeat: 1 });
  });

  test("repeats are kept where a rule says so, and the first of two targets counts where not", async () => {
    const rows = [
      ["a", "w", 1, "train"],
      ["a", "x", 2, "train"],
      ["b", "w", 1, "train"],
      ["b", "x", 2, "train"],
      ["a", "y", 3, "validation"],
      ["a", "y", 4, "validation"],
      ["a", "w", 5, "validation"],
      ["a", "z", 6, "test"],
      ["a", "y", 7, "test"],
      ["a", "z", 8, "test"],
    ];
    using project = createProject({ "events.csv": formatCsv(["user", "item", "time", "role"], rows) });
    const data = {
      events: { path: "events.csv", columns: { user: "user", item: "item", time: "time" } },
      split: { kind: "given", column: "role" },
    };
    const prepareWith = async (repeats: string) => {
      const rules = { minUserEvents: 1, minItemEvents: 1, repeats };
      const { dir, manifest } = await project.prepare({ ...data, rules });
      return { manifest, ...(await loadDataset(dir)).measured };
    };
    const drop = await prepareWith("drop");
    const keep = await prepareWith("keep");

    expect(drop.manifest.targets).toEqual({
      validation: { kept: 1, repeatsDropped: 2, outsideCatalogue: 1 },
      test: { kept: 1, repeatsDropped: 2, outsideCatalogue: 1 },
    });
    const { train, validation, test: testRole, validationRepeat } = eventRole;
    expect([...drop.roles.subarray(0, 6)]).toEqual([
      train,
      train,
      validation,
      validationRepeat,
      validationRepeat,
      testRole,
    ]);
    expect(keep.manifest.targets).toEqual({
      validation: { kept: 3, repeatsDropped: 0, outsideCatalogue: 2 },
      test: { kept: 3, repeatsDropped: 0, outsideCatalogue: 3 },
    });
    expect(keep.manifest.roles).toMatchObject({ validation: 3, test: 3, validationRepeat: 0 });
  });
});

describe("the same input gives the same bytes", () => {
  const users = Array.from({ length: 300 }, (_, n) => `u${n}`);
  const rows = users.flatMap((user, n) =>
    Array.from({ length: 20 }, (_, m) => [
      user,
      `i${(n * 7 + m * m) % 97}`,
      0.1 * ((n + m) % 9),
      (n * 31 + m) % 50,
    ]),
  );
  const csv = formatCsv(["user", "item", "rating", "time"], rows);
  const data = {
    ...gridConfig,
    rules: { duplicates: "sum", repeats: "keep", weightByRating: true, halfLifeDays: 0.001 },
    split: { kind: "random" },
  };

  test("with any number of threads", async () => {
    using project = createProject({ "events.csv": csv });
    const contents: Buffer[][] = [];
    for (const threads of [1, 2, 3]) {
      const { dir } = await project.prepare(data, { threads });
      contents.push(
        readdirSync(dir)
          .sort()
          .map((file) => readFileSync(join(dir, file))),
      );
      rmSync(dir, { recursive: true });
    }

    expect(contents[0]!.length).toBe(7);
    expect(contents[1]).toEqual(contents[0]);
    expect(contents[2]).toEqual(contents[0]);
  });

  test("and another seed, config or file another folder", async () => {
    using project = createProject({ "events.csv": csv, "other.csv": csv.replace("u0,", "v0,") });
    const keys = new Set<string>();
    for (const [variant, seed] of [
      [data, 1],
      [data, 2],
      [{ ...data, rules: { ...data.rules, minUserEvents: 6 } }, 1],
      [{ ...data, events: { ...data.events, path: "other.csv" } }, 1],
    ] as const) {
      keys.add((await project.prepare(variant, { seed })).manifest.key);
    }

    expect(keys.size).toBe(4);
  });
});

describe("a dataset that stands is used again", () => {
  test("and one that is damaged is built again", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const first = await project.prepare(gridConfig);
    const second = await project.prepare(gridConfig);
    writeFileSync(join(first.dir, "users.parquet"), "PAR1");
    const third = await project.prepare(gridConfig);
    rmSync(join(first.dir, "manifest.json"));
    const fourth = await project.prepare(gridConfig);

    expect([first, second, third, fourth].map((result) => result.cached)).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect([second, third, fourth].map((result) => result.manifest)).toEqual(Array(3).fill(first.manifest));
    expect(readdirSync(join(project.dir, ".attune", "datasets"))).toEqual([first.manifest.key]);
  });

  test("but not when a title in the items file has changed", async () => {
    using project = createProject({ "events.csv": gridCsv, "items.csv": "id,name\nw,The W\n" });
    const config = { ...gridConfig, items: { path: "items.csv", columns: { item: "id", title: "name" } } };
    const first = await project.prepare(config);
    writeFileSync(join(project.dir, "items.csv"), "id,name\nw,That W\n");
    const second = await project.prepare(config);
    expect(second.cached).toBe(false);
    expect(second.manifest.key).not.toBe(first.manifest.key);
    expect((await loadDataset(second.dir)).measured.itemDetails![0]).toEqual({ id: "w", title: "That W" });
  });

  test("two runs at once give one dataset", async () => {
    using project = createProject({ "events.csv": gridCsv });
    const [one, two] = await Promise.all([project.prepare(gridConfig), project.prepare(gridConfig)]);

    expect(two!.manifest).toEqual(one!.manifest);
    expect(readdirSync(join(project.dir, ".attune", "datasets"))).toEqual([one!.manifest.key]);
    await expect(loadDataset(one!.dir)).resolves.toMatchObject({ manifest: one!.manifest });
  });
});

test("tells its steps and rules as they happen", async () => {
  using project = createProject({ "events.csv": `${gridCsv},w,1,1\nann,x,2,10\n` });
  const seen: PrepareEvent[] = [];
  const { dir, manifest } = await project.prepare(
    {
      ...gridConfig,
      rules: { minRating: 2, halfLifeDays: 1, weightByRating: true, minUserEvents: 1, minItemEvents: 1 },
    },
    { onEvent: (event) => seen.push(event) },
  );

  expect(
    manifest.rules.map((report) => [report.scope, report.rule, report.rowsBefore, report.rowsAfter]),
  ).toEqual([
    ["raw", "missing ids", 18, 17],
    ["raw", "minimum rating", 17, 14],
    ["raw", "exact copies", 14, 13],
    ["train", "time decay", 5, 5],
    ["train", "weight by rating", 5, 5],
    ["release", "time decay", 13, 13],
    ["release", "weight by rating", 13, 13],
  ]);
  expect(seen.map((event) => (event.type === "step" ? event.name : event.type))).toEqual([
    "scan",
    "read",
    ...Array(3).fill("rule"),
    "split",
    "clean",
    ...Array(4).fill("rule"),
    "write",
    ...manifest.notes.map(() => "note"),
    "done",
  ]);
  expect(seen.at(-1)).toEqual({ type: "done", dir, cached: false });
});

test("temporary files of the engine go with it", async () => {
  using project = createProject({});
  const engine = await duckdbEngine.open({ tempDir: project.dir, memoryLimitBytes: 5e8 });
  await engine.materialize("t", sql`select 1 as x`);
  await engine.close();

  expect(project.list()).toEqual([]);
});
