/** `prepareDataset`: from the files of the config to a dataset folder. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { AttuneError, type TaskName } from "@attune/contracts";
import type { ProjectConfig, RecommendDataConfig, SplitConfig } from "@attune/contracts/config";
import { type DatasetManifest, datasetManifestVersion } from "@attune/contracts/manifest";
import { createStaging, hashFile, jsonBytes, writeFailure } from "@attune/store";
import { checkDataConfig } from "./config-check.ts";
import { duckdbEngine } from "./engine/duckdb/engine.ts";
import type { EngineFactory } from "./engine/engine.ts";
import { engineMemoryBytes } from "./engine/memory.ts";
import { datasetKey } from "./output/content-key.ts";
import { filesOf, findDataset, manifestFile } from "./output/dataset-files.ts";
import type { OnPrepareEvent } from "./prepare-event.ts";
import { type BuiltDataset, runSteps } from "./prepare-steps.ts";
import { hashesOf, openFiles, type ProjectFiles } from "./source/open-files.ts";
import { resolveSplit } from "./split/default-split.ts";

/** What a project says of its data. */
export type PrepareConfig<T extends TaskName = TaskName> = {
  readonly [K in T]: Pick<ProjectConfig<K>, "task" | "name" | "seed" | "data">;
}[T];

export interface PrepareOptions {
  readonly config: PrepareConfig;
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
  readonly manifest: DatasetManifest<"recommend">;
  /** True when the dataset stood before and its files hold. */
  readonly cached: boolean;
}

/**
 * Splits the raw events of a project, cleans and indexes what is measured by rules that learn from train alone, and
 * beside it what is released by rules that learn from all events. The same files, config and engine give the same bytes.
 *
 * The folder appears whole: on any error nothing is left behind and what stood there before still stands.
 *
 * @throws {AttuneError} `DATA_TASK` for another task than `recommend`, `CONFIG_INVALID`, `FILE_READ`, `FILE_WRITE` or one
 * of the other `DATA_…` codes.
 */
export async function prepareDataset(options: PrepareOptions): Promise<PreparedDataset> {
  const { config, projectDir, onEvent = () => {}, engine: factory = duckdbEngine } = options;
  if (config.task !== "recommend") {
    throw new AttuneError("DATA_TASK", { task: config.task, supported: ["recommend"] });
  }
  checkDataConfig(config.data);
  onEvent({ type: "step", name: "scan" });
  const files = await openFiles(config.data, projectDir);
  const split = resolveSplit(config.data);
  const { name, seed, data } = config;
  const key = datasetKey({
    parameters: { name, seed, data: { ...data, events: eventParameters(data.events), split } },
    files: hashesOf(files),
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
    const built = await buildTables(options, { config, split, files, dir: staging.dir, onEvent });
    const manifest = await describeDataset(staging.dir, { config, key, split, files, built, factory });
    await staging.write(manifestFile, jsonBytes(manifest));
    // Another run may have been faster: its dataset has our key, so it is ours.
    await staging.commit(async (other) => (await findDataset(other, key)) !== undefined);
    onEvent({ type: "done", dir, cached: false });
    return { dir, manifest, cached: false };
  } finally {
    await staging.discard();
  }
}

/** What the config says of events. Where bad rows are refused, the limit on them shapes nothing. */
function eventParameters({ badRows, maxBadRows, ...events }: RecommendDataConfig["events"]) {
  return badRows === "refuse" ? events : { ...events, badRows, maxBadRows };
}

async function describeDataset(
  dir: string,
  input: {
    readonly config: PrepareConfig<"recommend">;
    readonly key: string;
    readonly split: SplitConfig;
    readonly files: ProjectFiles;
    readonly built: BuiltDataset;
    readonly factory: EngineFactory;
  },
): Promise<DatasetManifest<"recommend">> {
  const { config, key, split, factory } = input;
  const { parts, ...built } = input.built;
  const files: DatasetManifest["files"] = {};
  for (const file of filesOf(built)) files[file] = await hashFile(join(dir, file));
  const sources = parts.files.map(({ role, file, rowCount }) => {
    return [role, { file: file.name, sha256: file.sha256, rows: rowCount }] as const;
  });
  const [[, source] = [], ...beside] = sources;
  return {
    schemaVersion: datasetManifestVersion,
    task: "recommend",
    name: config.name,
    key,
    source: source!,
    ...(beside.length > 0 && { splitFiles: Object.fromEntries(beside) }),
    ...built,
    duplicates: config.data.rules.duplicates,
    repeats: config.data.rules.repeats,
    fileOrder: config.data.events.columns.time === undefined,
    split: { ...split },
    files,
    engine: { name: factory.name, version: factory.version },
  };
}

/** Runs the engine in a folder of its own inside the staging folder, and removes it. */
async function buildTables(
  options: PrepareOptions,
  input: Parameters<typeof runSteps>[1],
): Promise<BuiltDataset> {
  const { engine: factory = duckdbEngine, threads } = options;
  const tempDir = join(input.dir, "engine");
  await mkdir(tempDir).catch((cause: unknown) => {
    throw writeFailure(tempDir, cause);
  });
  const memoryLimitBytes = options.memoryLimitBytes ?? engineMemoryBytes();
  const engine = await factory.open({
    tempDir,
    memoryLimitBytes,
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    return await runSteps(engine, input);
  } finally {
    await engine.close();
    await rm(tempDir, { recursive: true, force: true });
  }
}
