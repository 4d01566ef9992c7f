/** Step 1: a source file becomes a table of text, whatever its format. */
import { basename, join } from "node:path";
import { AttuneError, isAttuneError } from "@attune/contracts";
import type { Source } from "../engine/dialect.ts";
import type { Engine, SourceColumn } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { joinSql, sql, table } from "../sql/sql.ts";
import { looksLikeData, parseFirstRecord, readHead } from "../text-file/header.ts";
import { readJsonKeys } from "../text-file/json-line.ts";
import { copyGoodRecords } from "./clean-copy.ts";
import { refuseChanged, type SourceFile } from "./open-source.ts";

export interface ImportedTable {
  /** Rows of the table: those whose bytes are good. */
  readonly rowCount: number;
  /** Wanted columns that hold dates or timestamps by the file's own schema. */
  readonly timeColumns: ReadonlySet<string>;
  /** True when the file may have been cut inside a value that is read, which then looks like a whole one. */
  readonly isOpenEnded: boolean;
}

/**
 * Reads the wanted columns of a file into the table `name`: `row_id` (the n-th good record), `c0`, `c1`, … in the order
 * of `columns`, and `is_broken`, 1 for a line that is no JSON object. Records that `file.text` counts as defects are left
 * out.
 *
 * @throws {AttuneError} `DATA_MISSING_COLUMN`, `DATA_NO_HEADER`, `DATA_NO_ROWS` without any row, good or bad,
 * `DATA_MALFORMED` for a header with a name twice and a damaged Parquet file, `FILE_READ` for a file that changed since it
 * was opened, `FILE_WRITE` for the engine's copy.
 */
export async function importSource(
  engine: Engine,
  file: SourceFile,
  name: string,
  columns: readonly string[],
): Promise<ImportedTable> {
  const found = await findColumns(engine, file);
  if (file.format !== "jsonl") checkColumns(file, columns, found);
  const rowCount = await readRows(engine, file, name, columns, found);
  await refuseChanged(file);
  if (rowCount + (file.text?.defects.count ?? 0) === 0) {
    throw new AttuneError("DATA_NO_ROWS", { path: file.path });
  }
  if (file.format === "jsonl") await checkKeys(engine, file, name, columns, found);
  const times = found.filter((column) => column.isTime && columns.includes(column.name));
  return {
    rowCount,
    timeColumns: new Set(times.map((column) => column.name)),
    isOpenEnded: file.text?.endsInValue === true && columns.includes(found.at(-1)!.name),
  };
}

async function findColumns(engine: Engine, file: SourceFile): Promise<readonly SourceColumn[]> {
  if (file.format === "parquet") return await engine.describeParquet(file.path);
  const names =
    file.format === "jsonl"
      ? await readJsonKeys(file.path)
      : parseFirstRecord(await readHead(file.path), file.format === "tsv" ? "\t" : ",");
  return names.map((name) => ({ name, isTime: false }));
}

function checkColumns(file: SourceFile, columns: readonly string[], found: readonly SourceColumn[]): void {
  const names = found.map((column) => column.name);
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length === columns.length && file.format !== "parquet" && looksLikeData(names)) {
    throw new AttuneError("DATA_NO_HEADER", {
      path: file.path,
      expected: columns,
      firstLine: names.join(file.format === "tsv" ? "\t" : ",").slice(0, 200),
    });
  }
  if (missing.length > 0) {
    throw new AttuneError("DATA_MISSING_COLUMN", { path: file.path, missing, found: names });
  }
  const twice = columns.filter((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice.length > 0) {
    const reason = `the header names ${twice.join(", ")} more than once`;
    throw new AttuneError("DATA_MALFORMED", { path: file.path, reason });
  }
}

/** The engine reads the file itself; where that has bad or irregular records, a copy of the good ones. */
async function readRows(
  engine: Engine,
  file: SourceFile,
  name: string,
  columns: readonly string[],
  found: readonly SourceColumn[],
): Promise<number> {
  const { text, format } = file;
  if (text === undefined || format === "parquet") {
    return await engine.importFile(name, describeSource(file, file.path, columns, found));
  }
  const needsCopy = text.isIrregular || text.defects.count > 0;
  const path = needsCopy ? join(engine.tempDir, `${name}-${basename(file.path)}`) : file.path;
  if (needsCopy) await copyGoodRecords(file.path, format, path);
  const read = engine.importFile(name, describeSource(file, path, columns, found));
  const rowCount = await read.catch((cause: unknown) => {
    if (path === file.path || !isAttuneError(cause, "DATA_MALFORMED")) throw cause;
    throw new AttuneError("DATA_MALFORMED", { ...cause.details, path: file.path }, { cause });
  });
  if (rowCount === text.goodCount) return rowCount;
  await refuseChanged(file);
  throw new AttuneError("DATA_ENGINE", {
    step: `reading ${file.path}`,
    reason: `it found ${rowCount} rows where there are ${text.goodCount}`,
  });
}

function describeSource(
  file: SourceFile,
  path: string,
  columns: readonly string[],
  found: readonly SourceColumn[],
): Source {
  const { format } = file;
  if (format === "jsonl") return { format, path, keys: columns };
  if (format === "parquet") return { format, path, names: columns };
  const positions = columns.map((column) => found.findIndex(({ name }) => name === column));
  return { format, path, columnCount: found.length, positions };
}

/** An object may lack a key, but a key that no object has is a column that the file lacks. */
async function checkKeys(
  engine: Engine,
  file: SourceFile,
  name: string,
  columns: readonly string[],
  found: readonly SourceColumn[],
): Promise<void> {
  const counts = columns.map((_, index) => sql`count(${table(`c${index}`)})`);
  const [objects, ...present] = await readNumbers(
    engine,
    sql`select ${joinSql([sql`count(case when is_broken = 0 then 1 end)`, ...counts], ", ")} from ${table(name)}`,
  );
  const missing = columns.filter((_, index) => present[index] === 0);
  if (objects === 0 || missing.length === 0) return;
  const names = found.map((column) => column.name);
  throw new AttuneError("DATA_MISSING_COLUMN", { path: file.path, missing, found: names });
}
