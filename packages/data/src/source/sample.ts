/** A first look at a source file: what its columns are called, and what stands in them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AttuneError } from "@attune/contracts";
import { duckdbEngine } from "../engine/duckdb/engine.ts";
import { readRows } from "../engine/rows.ts";
import { sql } from "../sql/sql.ts";
import { parseRecords, readHead } from "../text-file/header.ts";
import { checkIsFile, formatOf } from "./open-source.ts";

export interface SampledColumn {
  readonly name: string;
  /** True for dates and timestamps by the file's own schema; text formats have none. */
  readonly isTime: boolean;
  /** What the first row holds there, as text; `""` for nothing. */
  readonly sample: string;
}

const memoryLimitBytes = 1e9;

/**
 * Columns of an events file and their first values. Reads the beginning of the file only.
 *
 * @throws {AttuneError} `DATA_FILE_NOT_FOUND`, `FILE_READ`, `DATA_FORMAT`, `DATA_NO_ROWS` for an empty file,
 * `DATA_MALFORMED` when the first line of a JSON Lines file is no object, or a Parquet file is broken.
 */
export async function sampleEvents(path: string): Promise<readonly SampledColumn[]> {
  await checkIsFile(path, "events");
  const format = formatOf(path);
  if (format === "parquet") return await sampleParquet(path);
  const head = await readHead(path);
  if (head.trim() === "") throw new AttuneError("DATA_NO_ROWS", { path });
  if (format === "jsonl") return sampleJson(path, head);
  const [names = [], row = []] = parseRecords(head, format === "tsv" ? "\t" : ",", 2);
  return names.map((name, index) => ({ name, isTime: false, sample: row[index] ?? "" }));
}

function sampleJson(path: string, head: string): SampledColumn[] {
  const line = head.split("\n").find((text) => text.trim() !== "")!;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    const reason = `its first line is no JSON (${(cause as Error).message})`;
    throw new AttuneError("DATA_MALFORMED", { path, reason }, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AttuneError("DATA_MALFORMED", { path, reason: "its first line is no JSON object" });
  }
  return Object.entries(value).map(([name, cell]) => ({ name, isTime: false, sample: String(cell ?? "") }));
}

async function sampleParquet(path: string): Promise<SampledColumn[]> {
  const tempDir = await mkdtemp(join(tmpdir(), "attune-sample-"));
  try {
    const engine = await duckdbEngine.open({ tempDir, memoryLimitBytes });
    try {
      const columns = await engine.describeParquet(path);
      const names = columns.map(({ name }) => name);
      const source = engine.dialect.parquetSource({ format: "parquet", path, names });
      const [row = []] = await readRows(engine, sql`select * from (${source}) source limit 1`);
      // The first cell is the row's number.
      return columns.map((column, index) => ({ ...column, sample: String(row[index + 1] ?? "") }));
    } finally {
      await engine.close();
    }
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
}
