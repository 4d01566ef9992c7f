/** `checkEvents`: the rows that `prepareDataset` would refuse or skip, without a dataset. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AttuneError } from "@attune/contracts";
import { findBadRows } from "./bad-rows/find-bad-rows.ts";
import type { BadRowReport } from "./bad-rows/report.ts";
import { checkDataConfig } from "./config-check.ts";
import { duckdbEngine } from "./engine/duckdb/engine.ts";
import { engineMemoryBytes } from "./engine/memory.ts";
import type { PrepareConfig } from "./prepare.ts";
import { readTypedEvents } from "./prepare-steps.ts";
import { openEventFiles } from "./source/open-files.ts";

export interface CheckOptions {
  readonly config: PrepareConfig;
  /** The folder of the config file; paths in the config start here. */
  readonly projectDir: string;
}

/**
 * Reads the events as `prepareDataset` does and tells of every row that cannot be used, whatever `badRows` says. Nothing
 * is left behind.
 *
 * @throws {AttuneError} what `prepareDataset` throws of a file that cannot be read at all: `DATA_TASK`, `CONFIG_INVALID`,
 * `DATA_FILE_NOT_FOUND`, `DATA_FORMAT`, `DATA_NO_ROWS`, `DATA_NO_HEADER`, `DATA_MISSING_COLUMN`, `DATA_MALFORMED`,
 * `DATA_ENCODING`, `FILE_READ`, `FILE_WRITE`.
 */
export async function checkEvents({ config, projectDir }: CheckOptions): Promise<BadRowReport> {
  if (config.task !== "recommend") {
    throw new AttuneError("DATA_TASK", { task: config.task, supported: ["recommend"] });
  }
  checkDataConfig(config.data);
  const files = await openEventFiles(config.data, projectDir);
  const tempDir = await mkdtemp(join(tmpdir(), "attune-check-"));
  try {
    const engine = await duckdbEngine.open({ tempDir, memoryLimitBytes: engineMemoryBytes() });
    try {
      return await findBadRows(engine, await readTypedEvents(engine, files, config.data));
    } finally {
      await engine.close();
    }
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
}
