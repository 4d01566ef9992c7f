/** `prepareDataset`: from the files of the config to a dataset folder. */
import { mkdir, rm } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import { AttuneError, type EventRole } from "@attune/contracts";
import type { ProjectConfig } from "@attune/contracts/config";
import { type DatasetManifest, datasetManifestVersion, type RuleReport } from "@attune/contracts/manifest";
import { createStaging, hashFile, jsonBytes, writeFailure } from "@attune/store";
import { checkDataConfig } from "./config-check.ts";
import { duckdbEngine } from "./engine/duckdb/engine.ts";
import type { Engine, EngineFactory } from "./engine/engine.ts";
import { readNumbers } from "./engine/rows.ts";
import { datasetKey } from "./output/content-key.ts";
import { dataFiles, findDataset, manifestFile } from "./output/dataset-files.ts";
import { type WrittenCounts, writeTables } from "./output/write-tables.ts";
import type { OnPrepareEvent } from "./prepare-event.ts";
import { mergeDuplicates } from "./rules/duplicates.ts";
import { keepCore } from "./rules/k-core.ts";
import { parseEvents } from "./rules/parse-events.ts";
import { keepRatings, refuseConstantRating } from "./rules/ratings.ts";
import { RuleLog } from "./rules/rule-log.ts";
import { describeColumns } from "./rules/source-columns.ts";
import { describeWeight } from "./rules/weights.ts";
import { importSource } from "./source/import-source.ts";
import { openSource, type SourceFile } from "./source/open-source.ts";
import { splitEvents } from "./split/index.ts";
import { sql, table } from "./sql/sql.ts";

/** Users without whom nothing can be learned and measured. */
const neededUsers = 2;

const largestMemoryBytes = 4e9;

export interface PrepareOptions {
  readonly config: Pick<ProjectConfig, "name" | "seed" | "data">;
  /** The folder of the config file; paths in the config start here. */
  readonly projectDir: string;
  /** Where datasets go, one folder per key. Default: `.attune/datasets` in the project. */
  readonly outDir?: string;
  readonly onEvent?: OnPrepareEvent;
  /** Default: DuckDB. */
  readonly engine?: EngineFactory;
  /** Default: half of the machine's memory, at most 4 GB. More data than that spills to the disk under `outDir`. */
  readonly memoryLimitBytes?: number;
  /** Default: as many as the engine likes. The result does not depend on it. */
  readonly threads?: number;
}

export interface PreparedDataset {
  /** `<outDir>/<key>` */
  readonly dir: string;
  readonly manifest: DatasetManifest;
  /** True when the dataset stood before and its files hold. */
  readonly cached: boolean;
}

/**
 * Cleans, indexes and splits the events of a project. The same files, config and engine give the same bytes.
 *
 * The folder appears whole: on any error nothing is left behind and what stood there before still stands.
 *
 * @throws {AttuneError} `CONFIG_INVALID`, `FILE_READ`, `FILE_WRITE` or one of the `DATA_…` codes.
 */
export async function prepareDataset(options: PrepareOptions): Promise<PreparedDataset> {
  const { config, projectDir, onEvent = () => {}, engine: factory = duckdbEngine } = options;
  checkDataConfig(config.data);
  onEvent({ type: "step", name: "scan" });
  const events = await openSource(config.data.events, projectDir, "events");
  const items = config.data.items && (await openSource(config.data.items, projectDir, "items"));
  const { name, seed, data } = config;
  const key = datasetKey({
    parameters: { name, seed, data },
    files: { events: events.sha256, ...(items ? { items: items.sha256 } : {}) },
    engine: { name: factory.name, version: factory.version },
  });
  const dir = join(options.outDir ?? join(projectDir, ".attune", "datasets"), key);
  const stored = await findDataset(dir, key);
  if (stored !== undefined) {
    onEvent({ type: "done", dir, cached: true });
    return { dir, manifest: stored, cached: true };
  }
  const staging = await createStaging(dir);
  try {
    const built = await buildTables(options, { events, items }, staging.dir, onEvent);
    const manifest = await describeDataset(staging.dir, {
      config,
      key,
      source: events,
      built,
      engine: factory,
    });
    await staging.write(manifestFile, jsonBytes(manifest));
    // Another run may have been faster: its dataset has our key, so it is ours.
    await staging.commit(async (other) => (await findDataset(other, key)) !== undefined);
    onEvent({ type: "done", dir, cached: false });
    return { dir, manifest, cached: false };
  } finally {
    await staging.discard();
  }
}

interface BuiltTables {
  readonly sourceRows: number;
  readonly eventCount: number;
  readonly written: WrittenCounts;
  readonly roles: Record<EventRole, number>;
  readonly rules: readonly RuleReport[];
  readonly timeRange: { firstMs: number; lastMs: number } | undefined;
}

interface SourceFiles {
  readonly events: SourceFile;
  readonly items: SourceFile | undefined;
}

async function describeDataset(
  dir: string,
  parts: {
    readonly config: PrepareOptions["config"];
    readonly key: string;
    readonly source: SourceFile;
    readonly built: BuiltTables;
    readonly engine: EngineFactory;
  },
): Promise<DatasetManifest> {
  const { config, key, source, built, engine } = parts;
  const files: DatasetManifest["files"] = {};
  for (const file of Object.values(dataFiles)) files[file] = await hashFile(join(dir, file));
  return {
    schemaVersion: datasetManifestVersion,
    name: config.name,
    key,
    source: { file: source.name, sha256: source.sha256, rows: built.sourceRows },
    counts: { events: built.eventCount, users: built.written.users, items: built.written.items },
    roles: built.roles,
    rules: [...built.rules],
    split: { ...config.data.split },
    ...(built.timeRange === undefined ? {} : { timeRange: built.timeRange }),
    files,
    engine: { name: engine.name, version: engine.version },
  };
}

/** Runs the engine in a folder of its own inside the staging folder, and removes it. */
async function buildTables(
  options: PrepareOptions,
  files: SourceFiles,
  stagingDir: string,
  onEvent: OnPrepareEvent,
): Promise<BuiltTables> {
  const { engine: factory = duckdbEngine, threads } = options;
  const tempDir = join(stagingDir, "engine");
  await mkdir(tempDir).catch((cause: unknown) => {
    throw writeFailure(tempDir, cause);
  });
  const memoryLimitBytes = options.memoryLimitBytes ?? Math.min(largestMemoryBytes, totalmem() / 2);
  const engine = await factory.open({
    tempDir,
    memoryLimitBytes,
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    return await runSteps(engine, options.config, files, stagingDir, onEvent);
  } finally {
    await engine.close();
    await rm(tempDir, { recursive: true, force: true });
  }
}

async function runSteps(
  engine: Engine,
  config: PrepareOptions["config"],
  files: SourceFiles,
  dir: string,
  onEvent: OnPrepareEvent,
): Promise<BuiltTables> {
  const { data, seed } = config;
  onEvent({ type: "step", name: "read" });
  const { names } = describeColumns(data, engine.dialect);
  const imported = await importSource(engine, files.events, "source_rows", names);
  if (files.items && data.items) {
    const { columns, extra } = data.items;
    await importSource(engine, files.items, "item_rows", [columns.item, columns.title, ...extra]);
  }

  onEvent({ type: "step", name: "clean" });
  const log = new RuleLog(imported.rowCount, onEvent);
  const columns = describeColumns(data, engine.dialect, imported.timeColumns);
  await parseEvents(engine, files.events.path, columns, data, log);
  if (columns.rating) await refuseConstantRating(engine, files.events.path, columns.rating.name);
  const kept = await keepRatings(engine, data.rules, log);
  await mergeDuplicates(engine, data.rules.duplicates, kept, log);
  const cleaned = await keepCore(engine, data.rules, log);
  const [users, firstMs, lastMs] = await readNumbers(
    engine,
    sql`select count(distinct user_code), min(ts), max(ts) from ${table(cleaned)}`,
  );
  if (users! < neededUsers)
    throw new AttuneError("DATA_TOO_FEW_USERS", { users: users!, needed: neededUsers });
  const weight = await describeWeight(engine, cleaned, data.rules, log);

  onEvent({ type: "step", name: "split" });
  const weighted = sql`(select row_id, user_code, item_code, ts, ${weight} as weight from ${table(cleaned)})`;
  const roles = await splitEvents(engine, weighted, data.split, { seed, eventCount: log.rows });
  await engine.discard(cleaned);

  onEvent({ type: "step", name: "write" });
  const written = await writeTables(engine, dir, data);
  if (written.untitled > 0) onEvent({ type: "items-without-title", count: written.untitled });
  return {
    sourceRows: imported.rowCount,
    eventCount: log.rows,
    written,
    roles,
    rules: log.reports,
    timeRange: columns.time && { firstMs: firstMs!, lastMs: lastMs! },
  };
}
