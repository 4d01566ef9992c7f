/** What becomes of bad rows: refused with a list of them, or left out and kept in a file of their own. */
import { join } from "node:path";
import { AttuneError } from "@attune/contracts";
import type { DatasetManifest } from "@attune/contracts/manifest";
import type { Engine } from "../engine/engine.ts";
import { readNumbers, readRows } from "../engine/rows.ts";
import { eventColumns } from "../rules/source-columns.ts";
import type { SourceFile } from "../source/open-files.ts";
import { shownRows } from "../source/tally.ts";
import { type Sql, sql } from "../sql/sql.ts";
import { fileDefects } from "../text-file/defects.ts";
import { countBadRows, countDefects, findBadRows, type TypedEvents } from "./find-bad-rows.ts";
import { locateRows } from "./locate.ts";
import { notJson } from "./problems.ts";
import { rejectedFile, writeRejected } from "./rejected-file.ts";
import type { BadRowCount } from "./report.ts";

/** Rows left out, as the manifest tells of them. */
export type SkippedRows = NonNullable<DatasetManifest<"recommend">["badRows"]>;

/**
 * To be called while `source_rows` and `typed_rows` stand.
 *
 * @param dir - where `rejected.csv` goes.
 * @returns what was left out; `undefined` when no row is bad.
 * @throws {AttuneError} `DATA_BAD_ROWS`, `FILE_READ`, `FILE_WRITE`
 */
export async function settleBadRows(
  engine: Engine,
  events: TypedEvents,
  dir: string,
): Promise<SkippedRows | undefined> {
  const { parts, counts, data } = events;
  const { badRows, maxBadRows } = data.events;
  const rows = countBadRows(events);
  if (rows === 0) return undefined;
  if (badRows === "refuse" || rows / parts.rowCount > maxBadRows) {
    const { badCount: count, ...report } = await findBadRows(engine, events);
    throw new AttuneError("DATA_BAD_ROWS", {
      path: parts.path,
      count,
      ...report,
      policy: { badRows, maxBadRows },
    });
  }
  await writeRejected(engine, parts, eventColumns(data), join(dir, rejectedFile));
  const defects = fileDefects.flatMap((kind) => {
    const count = parts.files.reduce((sum, { file }) => sum + (file.text?.defects.countOf(kind) ?? 0), 0);
    return count === 0 ? [] : [[kind, count] as const];
  });
  return { rows, kinds: Object.fromEntries([...defects, ...counts.bad]) };
}

/**
 * Refuses a side table with broken rows: what a row says of an item or a user has no replacement.
 *
 * @param table - the imported rows.
 * @param rowCount - rows of that table.
 * @throws {AttuneError} `DATA_BAD_ROWS`
 */
export async function refuseBrokenTable(
  engine: Engine,
  file: SourceFile,
  rows: Sql,
  rowCount: number,
): Promise<void> {
  const part = { role: "train", file } as const;
  const kinds = [...countDefects([part]), ...(await countBrokenLines(engine, file, rows))];
  if (kinds.length === 0) return;
  throw new AttuneError("DATA_BAD_ROWS", {
    path: file.path,
    count: kinds.reduce((sum, { count }) => sum + count, 0),
    rowCount: rowCount + (file.text?.defects.count ?? 0),
    kinds,
    missingIds: 0,
  });
}

async function countBrokenLines(engine: Engine, file: SourceFile, rows: Sql): Promise<BadRowCount[]> {
  if (file.format !== "jsonl") return [];
  const [count] = await readNumbers(engine, sql`select count(*) from ${rows} r where is_broken = 1`);
  if (count === 0) return [];
  const first = await readRows(
    engine,
    sql`select row_id from ${rows} r where is_broken = 1 order by row_id asc limit ${shownRows}`,
  );
  const lines = await locateRows(
    file,
    first.map(([row]) => Number(row)),
  );
  const examples = [...lines.values()].map(({ line, text = "" }) => ({ line, place: `line ${line}`, text }));
  return [{ kind: "json", problem: notJson, count: count!, examples }];
}
