import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { duckdbEngine } from "./engine/duckdb/engine.ts";
import { loadDataset } from "./load.ts";
import { createProject, gridConfig, gridCsv } from "./testing/project.ts";
import { redirectEngine } from "./testing/record-engine.ts";

async function prepared() {
  const project = createProject({ "events.csv": gridCsv });
  const { dir } = await project.prepare(gridConfig);
  return { dir, [Symbol.dispose]: () => project[Symbol.dispose]() };
}

/** Rewrites the manifest, and makes its hash of one file right again. */
function patchManifest(dir: string, patch: object, file?: string): void {
  const path = join(dir, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  if (file !== undefined) {
    const bytes = readFileSync(join(dir, file));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    manifest.files[file] = { sha256, bytes: bytes.length };
  }
  writeFileSync(path, JSON.stringify({ ...manifest, ...patch }));
}

test("refuses files that are missing, cut or changed, all in one error", async () => {
  using dataset = await prepared();
  const { dir } = dataset;
  rmSync(join(dir, "users.parquet"));
  const events = readFileSync(join(dir, "events.parquet"));
  writeFileSync(join(dir, "events.parquet"), events.subarray(1));
  const items = readFileSync(join(dir, "items.parquet"));
  items[10]! ^= 1;
  writeFileSync(join(dir, "items.parquet"), items);

  await expect(loadDataset(dir)).rejects.toMatchObject({
    code: "DATA_DAMAGED",
    details: {
      files: [
        `events.parquet has ${events.length - 1} bytes, the manifest says ${events.length}`,
        expect.stringMatching(/^items.parquet has sha256 [0-9a-f]{64}, the manifest says [0-9a-f]{64}$/),
        "users.parquet is missing",
      ],
    },
  });
});

test("refuses a folder without a manifest", async () => {
  using dataset = await prepared();
  rmSync(join(dataset.dir, "manifest.json"));

  await expect(loadDataset(dataset.dir)).rejects.toMatchObject({ code: "FILE_READ" });
});

test("refuses a manifest that is no manifest", async () => {
  using dataset = await prepared();
  const path = join(dataset.dir, "manifest.json");
  writeFileSync(path, "{");
  await expect(loadDataset(dataset.dir)).rejects.toMatchObject({ code: "MANIFEST_INVALID" });
  writeFileSync(path, JSON.stringify({ schemaVersion: 2 }));
  await expect(loadDataset(dataset.dir)).rejects.toMatchObject({ code: "MANIFEST_INVALID" });
  writeFileSync(path, JSON.stringify({ schemaVersion: 99 }));
  await expect(loadDataset(dataset.dir)).rejects.toMatchObject({ code: "MANIFEST_VERSION" });
});

const measured = { events: 16, users: 4, items: 2 };
const released = { events: 16, users: 4, items: 4 };

test.each([
  [
    "fewer events",
    { measured: { ...measured, events: 15 } },
    "events.parquet: 0 events, the manifest says 15",
  ],
  [
    "more events",
    { measured: { ...measured, events: 17 } },
    "events.parquet: 16 events, the manifest says 17",
  ],
  ["fewer users", { measured: { ...measured, users: 3 } }, "events.parquet is not ordered by user"],
  ["more users", { measured: { ...measured, users: 5 } }, "users.parquet: 4 users, the manifest says 5"],
  ["more items", { measured: { ...measured, items: 3 } }, "items.parquet: 2 items, the manifest says 3"],
  [
    "more released items",
    { released: { ...released, items: 3 } },
    "release-items.parquet: 4 items, the manifest says 3",
  ],
  [
    "more released events",
    { released: { ...released, events: 20 } },
    "release-events.parquet: 16 events, the manifest says 20",
  ],
])("refuses counts that the files do not have: %s", async (_, counts, problem) => {
  using dataset = await prepared();
  patchManifest(dataset.dir, counts);

  await expect(loadDataset(dataset.dir)).rejects.toMatchObject({
    code: "DATA_DAMAGED",
    details: { files: [problem] },
  });
});

test("refuses a dataset of another task", async () => {
  using dataset = await prepared();
  const path = join(dataset.dir, "manifest.json");
  const { measured: _, released: __, ...rest } = JSON.parse(readFileSync(path, "utf8"));
  const kept = [
    "schemaVersion",
    "name",
    "key",
    "source",
    "roles",
    "rules",
    "split",
    "files",
    "engine",
    "notes",
  ];
  const common = Object.fromEntries(Object.entries(rest).filter(([key]) => kept.includes(key)));
  const rows = { measured: { rows: 1 }, released: { rows: 1 }, columns: [], target: "y" };
  writeFileSync(path, JSON.stringify({ ...common, ...rows, task: "regress" }));

  await expect(loadDataset(dataset.dir)).rejects.toMatchObject({ code: "DATA_TASK" });
});

test("refuses events with columns of other types", async () => {
  using dataset = await prepared();
  const { dir } = dataset;
  const path = join(dir, "events.parquet");
  const engine = await redirectEngine(duckdbEngine, path).open({ tempDir: dir, memoryLimitBytes: 5e8 });
  const { parquetTable } = engine.dialect;
  const { chunks } = parquetTable(path);
  const select = "select user_index, item_index, cast(weight as double) as weight, time_ms, role from (";
  await engine.materialize("changed", {
    chunks: [{ text: select, origin: "template" }, ...chunks, { text: ") e", origin: "template" }],
  });
  await engine.write("anywhere", { chunks: [{ text: "select * from changed", origin: "template" }] });
  await engine.close();
  patchManifest(dir, {}, "events.parquet");

  await expect(loadDataset(dir)).rejects.toMatchObject({
    code: "DATA_DAMAGED",
    details: { files: ["events.parquet has a column of float64, not float32"] },
  });
});
