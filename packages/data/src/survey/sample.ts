/** A first look at a source file: what its columns are called, and what stands in them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AttuneError, isAttuneError } from "@attune/contracts";
import { duckdbEngine } from "../engine/duckdb/engine.ts";
import { readRows } from "../engine/rows.ts";
import { checkIsFile, formatOf } from "../source/open-source.ts";
import { joinSql, sql, table } from "../sql/sql.ts";
import { looksLikeData, parseRecords, readHead } from "../text-file/header.ts";

export interface SampledColumn {
  readonly name: string;
  /** True for dates and timestamps by the file's own schema; text formats have none. */
  readonly isTime: boolean;
  /** What the first row holds there, as text; `""` for nothing. */
  readonly sample: string;
}

export interface FileSample {
  readonly columns: readonly SampledColumn[];
  /** False when the first line of a delimited file looks like a row: the names are then values. */
  readonly hasHeader: boolean;
}

const memoryLimitBytes = 1e9;

/** Keys of a JSON Lines file are looked for in this many lines. */
const sampledLines = 1000;

/**
 * Columns of a file and their first values. Reads the beginning of the file only.
 *
 * @param role - what the file is of (`"events"`, `"items"`), for the error.
 * @throws {AttuneError} `DATA_FILE_NOT_FOUND`, `FILE_READ`, `DATA_FORMAT`, `DATA_NO_ROWS` for an empty file or a header
 * alone, `DATA_MALFORMED` when no line at the beginning of a JSON Lines file is an object, or a Parquet file is broken.
 */
export async function sampleFile(path: string, role: string): Promise<FileSample> {
  await checkIsFile(path, role);
  const format = formatOf(path);
  if (format === "parquet") return { columns: await sampleParquet(path), hasHeader: true };
  const head = await readHead(path);
  if (head.trim() === "") throw new AttuneError("DATA_NO_ROWS", { path });
  if (format === "jsonl") return { columns: sampleJson(path, head), hasHeader: true };
  const [names = [], row] = parseRecords(head, format === "tsv" ? "\t" : ",", 2);
  const hasHeader = !looksLikeData(names);
  if (row === undefined && hasHeader) throw new AttuneError("DATA_NO_ROWS", { path });
  return {
    columns: names.map((name, index) => ({ name, isTime: false, sample: row?.[index] ?? "" })),
    hasHeader,
  };
}

/** Broken lines are passed over: the check of the whole file counts them. */
function sampleJson(path: string, head: string): SampledColumn[] {
  const samples = new Map<string, string>();
  for (const line of head.split("\n").slice(0, sampledLines)) {
    for (const [name, cell] of Object.entries(parseObject(line) ?? {})) {
      if (!samples.get(name)) samples.set(name, textOf(cell));
    }
  }
  if (samples.size === 0) {
    throw new AttuneError("DATA_MALFORMED", {
      path,
      reason:
        "no line at its beginning is a JSON object; JSON Lines has one object a line (`jq -c '.[]'` makes them of an array)",
    });
  }
  return [...samples].map(([name, sample]) => ({ name, isTime: false, sample }));
}

/** As the engine gives it: objects and lists as JSON, `…` for one that is too deep to be written. */
function textOf(cell: unknown): string {
  if (typeof cell !== "object" || cell === null) return String(cell ?? "");
  try {
    return JSON.stringify(cell);
  } catch {
    return "…";
  }
}

/** The object of a JSON line, or `undefined` when it holds none. */
function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

async function sampleParquet(path: string): Promise<SampledColumn[]> {
  const tempDir = await mkdtemp(join(tmpdir(), "attune-sample-"));
  try {
    const engine = await duckdbEngine.open({ tempDir, memoryLimitBytes });
    try {
      const columns = await engine.describeParquet(path);
      const names = columns.map(({ name }) => name);
      const source = engine.dialect.parquetSource({ format: "parquet", path, names });
      const cells = joinSql(
        names.map((_, index) => table(`c${index}`)),
        ", ",
      );
      const rows = readRows(engine, sql`select ${cells} from (${source}) source limit 1`);
      const [row] = await rows.catch((cause: unknown) => {
        // A query of nothing but the file: what fails is the file.
        if (!isAttuneError(cause, "DATA_ENGINE")) throw cause;
        throw new AttuneError("DATA_MALFORMED", { path, reason: cause.details.reason }, { cause });
      });
      if (row === undefined) throw new AttuneError("DATA_NO_ROWS", { path });
      return columns.map((column, index) => ({ ...column, sample: String(row[index] ?? "") }));
    } finally {
      await engine.close();
    }
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
}
