/** The events file, and those of a given split behind it, as one table. */
import type { EventRole } from "@attune/contracts";
import type { Engine } from "../engine/engine.ts";
import { joinSql, sql, table } from "../sql/sql.ts";
import { type ImportedTable, importSource } from "./import-source.ts";
import type { EventFiles, SourceFile } from "./open-files.ts";

export interface EventPart {
  readonly role: Extract<EventRole, "train" | "validation" | "test">;
  readonly file: SourceFile;
  /** Rows of the files before it: its first row is `before + 1`. */
  readonly before: number;
  readonly rows: number;
}

/** Where the rows of `source_rows` come from. */
export interface EventParts {
  /** The events file's path, for errors. */
  readonly path: string;
  /** The events file first, then those of a given split: validation, test. */
  readonly files: readonly EventPart[];
  readonly rowCount: number;
  /** Columns that hold dates or timestamps by the schema of every file. */
  readonly timeColumns: ReadonlySet<string>;
}

/**
 * Builds `source_rows`: `row_id` and `c0`, `c1`, … Rows of a later file follow those of the earlier ones.
 *
 * @throws {AttuneError} what `importSource` throws, for each file.
 */
export async function importEvents(
  engine: Engine,
  { events, validation, test }: EventFiles,
  columns: readonly string[],
): Promise<EventParts> {
  const sources = [
    { role: "train", file: events },
    ...(validation ? [{ role: "validation", file: validation } as const] : []),
    ...(test ? [{ role: "test", file: test } as const] : []),
  ] as const;
  const files: EventPart[] = [];
  const tables: ImportedTable[] = [];
  let before = 0;
  for (const { role, file } of sources) {
    const name = sources.length === 1 ? "source_rows" : `${role}_rows`;
    const imported = await importSource(engine, file, name, columns);
    files.push({ role, file, before, rows: imported.rowCount });
    tables.push(imported);
    before += imported.rowCount;
  }
  if (files.length > 1) await joinFiles(engine, files, columns.length);
  const timeColumns = columns.filter((column) =>
    tables.every((imported) => imported.timeColumns.has(column)),
  );
  return { path: events.path, files, rowCount: before, timeColumns: new Set(timeColumns) };
}

async function joinFiles(engine: Engine, files: readonly EventPart[], columnCount: number): Promise<void> {
  const columns = joinSql(
    Array.from({ length: columnCount }, (_, index) => table(`c${index}`)),
    ", ",
  );
  const parts = files.map(
    (part) =>
      sql`select row_id + ${part.before} as row_id, ${columns} from ${table(`${part.role}_rows`)} ${table(`${part.role}_file`)}`,
  );
  await engine.materialize("source_rows", joinSql(parts, " union all "));
  for (const { role } of files) await engine.discard(`${role}_rows`);
}

/** A row as a person finds it: its number in its file (1 = first data row), named where it is not the events file. */
export function locateRow({ files }: EventParts, row: number): string {
  const part = files.findLast(({ before }) => row > before) ?? files[0]!;
  const text = `row ${row - part.before}`;
  return part.role === "train" ? text : `${part.file.name} ${text}`;
}
