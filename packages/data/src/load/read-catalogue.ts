/** The users and items of a catalogue with what side tables say of them, back from their files. */
import { join } from "node:path";
import type { ColumnKind, ItemDetails, Table } from "@attune/contracts";
import type { Engine } from "../engine/engine.ts";
import { type Cell, readRows } from "../engine/rows.ts";
import { shownName, storedFeature, storedTitle } from "../side-table/stored-columns.ts";
import { joinSql, sql } from "../sql/sql.ts";
import { createFeatureColumn } from "./feature-column.ts";

/** A feature as the manifest declares it. */
export interface DeclaredFeature {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly separator: string;
}

/** The rows of a users or items file, in the order of their index. */
export interface StoredRows {
  readonly ids: readonly string[];
  /** `[rows]` by column of the file. */
  readonly cells: ReadonlyMap<string, readonly Cell[]>;
}

export async function readStoredRows(engine: Engine, dir: string, file: string): Promise<StoredRows> {
  const path = join(dir, file);
  const names = (await engine.describeParquet(path)).map(({ name }) => name);
  const [index, id, ...rest] = names.map(engine.dialect.identifier);
  const source = engine.dialect.parquetTable(path);
  const columns = joinSql([id!, ...rest], ", ");
  const rows = await readRows(engine, sql`select ${columns} from (${source}) stored order by ${index!} asc`);
  const cells = names.slice(2).map((name, column) => [name, rows.map((row) => row[column + 1])] as const);
  return { ids: rows.map(([cell]) => String(cell)), cells: new Map(cells) };
}

/** What people read of each item; undefined without an items file. */
export function readDetails({ ids, cells }: StoredRows): ItemDetails[] | undefined {
  const titles = cells.get(storedTitle);
  if (titles === undefined) return undefined;
  const shown = [...cells].flatMap(([stored, values]) => {
    const name = shownName(stored);
    return name === undefined ? [] : [[name, values] as const];
  });
  return ids.map((id, row) => ({
    id,
    title: String(titles[row]),
    ...Object.fromEntries(shown.map(([name, values]) => [name, String(values[row])])),
  }));
}

/**
 * The declared features as a table; undefined when there are none.
 *
 * @param isLearned - `[rows]` whose values make the levels; default: all.
 */
export function readFeatures(
  { ids, cells }: StoredRows,
  declared: readonly DeclaredFeature[],
  isLearned?: readonly boolean[],
): Table | undefined {
  if (declared.length === 0) return undefined;
  return {
    rowCount: ids.length,
    columns: declared.map((feature) =>
      createFeatureColumn({ ...feature, cells: cells.get(storedFeature(feature.name)) ?? [], isLearned }),
    ),
  };
}
