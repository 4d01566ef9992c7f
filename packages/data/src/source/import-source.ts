/** Step 1: a source file becomes a table of text, whatever its format. */
import { AttuneError } from "@attune/contracts";
import type { Source } from "../engine/dialect.ts";
import type { Engine, SourceColumn } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { joinSql, sql, table } from "../sql/sql.ts";
import { looksLikeData, parseFirstRecord, readHead } from "../text-file/header.ts";
import { readJsonKeys } from "../text-file/json-line.ts";
import type { SourceFile } from "./open-source.ts";

export interface ImportedTable {
  readonly rowCount: number;
  /** Wanted columns that hold dates or timestamps by the file's own schema. */
  readonly timeColumns: ReadonlySet<string>;
}

/**
 * Reads the wanted columns of a file into the table `name`: `row_id` and `c0`, `c1`, … in the order of `columns`.
 *
 * @throws {AttuneError} `DATA_MISSING_COLUMN`, `DATA_NO_HEADER`, `DATA_NO_ROWS`, `DATA_MALFORMED`.
 */
export async function importSource(
  engine: Engine,
  file: SourceFile,
  name: string,
  columns: readonly string[],
): Promise<ImportedTable> {
  const found = await findColumns(engine, file);
  if (file.format !== "jsonl") checkColumns(file, columns, found);
  const rowCount = await engine.importFile(name, describeSource(file, columns, found));
  if (rowCount === 0) throw new AttuneError("DATA_NO_ROWS", { path: file.path });
  if (file.format === "jsonl") await checkKeys(engine, file, name, columns, found);
  const times = found.filter((column) => column.isTime && columns.includes(column.name));
  return { rowCount, timeColumns: new Set(times.map((column) => column.name)) };
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

function describeSource(
  file: SourceFile,
  columns: readonly string[],
  found: readonly SourceColumn[],
): Source {
  const { path, format } = file;
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
  const counts = joinSql(
    columns.map((_, index) => sql`count(${table(`c${index}`)})`),
    ", ",
  );
  const present = await readNumbers(engine, sql`select ${counts} from ${table(name)}`);
  const missing = columns.filter((_, index) => present[index] === 0);
  if (missing.length === 0) return;
  const names = found.map((column) => column.name);
  throw new AttuneError("DATA_MISSING_COLUMN", { path: file.path, missing, found: names });
}
