/** The events file, and those of a given split behind it, as one table. */
import type { EventRole } from "@attune/contracts";
import type { Engine } from "../engine/engine.ts";
import { joinSql, sql, table } from "../sql/sql.ts";
import { type ImportedTable, importSource } from "./import-source.ts";
import type { EventFiles, SourceFile } from "./open-files.ts";

export interface EventPart {
  readonly role: Extract<EventRole, "train" | "validation" | "test">;
  readonly file: SourceFile;
  /** Imported rows of the files before it: its first one is `before + 1`. */
  readonly before: number;
  /** Its rows in `source_rows`. */
  readonly imported: number;
  readonly isOpenEnded: boolean;
  /** All of its rows, those of broken bytes too. */
  readonly rowCount: number;
}

/** Where the rows of `source_rows` come from. */
export interface EventParts {
  /** The events file's path, for errors. */
  readonly path: string;
  /** The events file first, then those of a given split: validation, test. */
  readonly files: readonly EventPart[];
  /** Rows of all files, those of broken bytes too. */
  readonly rowCount: number;
  /** Columns that hold dates or timestamps by the schema of every file. */
  readonly timeColumns: ReadonlySet<string>;
}

/**
 * Builds `source_rows`: `row_id`, `is_broken`, `c0`, `c1`, … Rows of a later file follow those of the earlier ones.
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
    const table = await importSource(engine, file, name, columns);
    const { rowCount: imported, isOpenEnded } = table;
    files.push({
      role,
      file,
      before,
      imported,
      isOpenEnded,
      rowCount: imported + (file.text?.defects.count ?? 0),
    });
    tables.push(table);
    before += imported;
  }
  if (files.length > 1) await joinFiles(engine, files, columns.length);
  const timeColumns = columns.filter((column) => tables.every((table) => table.timeColumns.has(column)));
  return {
    path: events.path,
    files,
    rowCount: files.reduce((sum, { rowCount }) => sum + rowCount, 0),
    timeColumns: new Set(timeColumns),
  };
}

async function joinFiles(engine: Engine, files: readonly EventPart[], columnCount: number): Promise<void> {
  const columns = joinSql(
    Array.from({ length: columnCount }, (_, index) => table(`c${index}`)),
    ", ",
  );
  const parts = files.map(
    (part) =>
      sql`select row_id + ${part.before} as row_id, is_broken, ${columns} from ${table(`${part.role}_rows`)} ${table(`${part.role}_file`)}`,
  );
  await engine.materialize("source_rows", joinSql(parts, " union all "));
  for (const { role } of files) await engine.discard(`${role}_rows`);
}
