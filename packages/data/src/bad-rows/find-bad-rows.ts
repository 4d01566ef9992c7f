/** The report on bad rows: counts that are known already, and the first rows of each kind, found in the file again. */
import type { RecommendDataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readRows } from "../engine/rows.ts";
import type { SourceColumns } from "../rules/source-columns.ts";
import { problemOf, type TypedCounts } from "../rules/type-rows.ts";
import { type ValueDefect, valueDefects } from "../rules/value-defects.ts";
import type { EventPart, EventParts } from "../source/import-events.ts";
import { shownRows } from "../source/tally.ts";
import { type Sql, sql } from "../sql/sql.ts";
import { fileDefects } from "../text-file/defects.ts";
import { cutText } from "../text-file/excerpt.ts";
import { type LocatedRow, locateRows } from "./locate.ts";
import { describeDefect, describeProblem } from "./problems.ts";
import type { BadRowCount, BadRowExample, BadRowReport } from "./report.ts";

/** What is known of the rows before any of them is dropped. */
export interface TypedEvents {
  readonly parts: EventParts;
  readonly columns: SourceColumns;
  readonly counts: TypedCounts;
  readonly data: RecommendDataConfig;
}

/** Bad rows of every kind. */
export function countBadRows({ parts, counts }: Pick<TypedEvents, "parts" | "counts">): number {
  const broken = parts.files.reduce((sum, { file }) => sum + (file.text?.defects.count ?? 0), 0);
  return [...counts.bad.values()].reduce((sum, count) => sum + count, broken);
}

/** To be called while `source_rows` and `typed_rows` stand. */
export async function findBadRows(engine: Engine, events: TypedEvents): Promise<BadRowReport> {
  const { parts, counts } = events;
  return {
    rowCount: parts.rowCount,
    badCount: countBadRows(events),
    missingIds: counts.missingIds,
    kinds: [...countDefects(parts.files), ...(await countProblems(engine, events))],
  };
}

/** What the scan of the files has found. */
export function countDefects(files: readonly Pick<EventPart, "role" | "file">[]): BadRowCount[] {
  return fileDefects.flatMap((kind) => {
    const found = files.filter(({ file }) => (file.text?.defects.countOf(kind) ?? 0) > 0);
    const [first] = found;
    if (first === undefined) return [];
    const examples = found.flatMap((part) =>
      part.file.text!.defects.examplesOf(kind).map((row) => placeExample(part, row)),
    );
    return {
      kind,
      problem: describeDefect(kind, first.file.text!.columnCount),
      count: found.reduce((sum, { file }) => sum + file.text!.defects.countOf(kind), 0),
      examples: examples.slice(0, shownRows),
    };
  });
}

interface FoundRow {
  readonly row: number;
  readonly column?: string;
  /** Absent where the row itself is to be shown. */
  readonly text?: string;
  /** Rows with this value. */
  readonly count?: number;
}

async function countProblems(engine: Engine, events: TypedEvents): Promise<BadRowCount[]> {
  const { counts, columns, data, parts } = events;
  const kinds = valueDefects.filter((kind) => counts.bad.has(kind));
  const rows: FoundRow[][] = [];
  for (const kind of kinds) rows.push(await findRows(engine, events, kind));
  const lines = await locateIn(parts.files, rows.flat());
  return kinds.map((kind, index) => ({
    kind,
    problem: describeProblem(kind, columns, data.rules.eventWeights),
    count: counts.bad.get(kind)!,
    examples: rows[index]!.map((found) => {
      const part = partOf(parts.files, found.row);
      return placeExample(part, lines.get(found.row)!, found);
    }),
  }));
}

/** The first rows of a kind; of types and roles the most frequent values, each at its first row. */
async function findRows(
  engine: Engine,
  { columns, data }: TypedEvents,
  kind: ValueDefect,
): Promise<FoundRow[]> {
  const names = data.events.columns;
  const split = data.split?.kind === "given" ? data.split.column : undefined;
  const { containsNul } = engine.dialect;
  const { user, item } = columns;
  switch (kind) {
    case "json":
      return (await readFirst(engine, kind, sql`''`)).map(({ row }) => ({ row }));
    case "nul": {
      const found = await readFirst(
        engine,
        kind,
        sql`case when ${containsNul(user)} then ${user} else ${item} end`,
        sql`case when ${containsNul(user)} then 0 else 1 end`,
      );
      return found.map(({ row, text, mark }) => ({
        row,
        text,
        column: mark === 0 ? names.user : names.item,
      }));
    }
    case "type":
      return await readFrequent(engine, kind, columns.type!, names.type!);
    case "role":
      return await readFrequent(engine, kind, columns.givenText!, split!);
    case "time":
    case "rating": {
      const { text, name } = columns[kind]!;
      return (await readFirst(engine, kind, text)).map((found) => ({ ...found, column: name }));
    }
  }
}

async function readFirst(engine: Engine, kind: ValueDefect, value: Sql, mark: Sql = sql`0`) {
  const rows = await readRows(
    engine,
    sql`select s.row_id, ${value}, ${mark} from source_rows s
      join (select row_id as bad_id from typed_rows where problem = ${problemOf(kind)}
        order by row_id asc limit ${shownRows}) bad on bad.bad_id = s.row_id
      order by s.row_id asc`,
  );
  return rows.map(([row, text, found]) => ({
    row: Number(row),
    text: cutText(String(text ?? "")),
    mark: Number(found),
  }));
}

async function readFrequent(
  engine: Engine,
  kind: ValueDefect,
  value: Sql,
  column: string,
): Promise<FoundRow[]> {
  const rows = await readRows(
    engine,
    sql`select bad_value, count(*), min(row_id) from (
        select s.row_id, coalesce(${value}, '') as bad_value from source_rows s
        join (select row_id as bad_id from typed_rows where problem = ${problemOf(kind)}) bad on bad.bad_id = s.row_id
      ) found group by bad_value order by count(*) desc, bad_value asc limit ${shownRows}`,
  );
  return rows.map(([text, count, row]) => ({
    row: Number(row),
    column,
    text: cutText(String(text)),
    count: Number(count),
  }));
}

/** The file that holds a row of `source_rows`. */
function partOf(files: readonly EventPart[], row: number): EventPart {
  return files.findLast(({ before }) => row > before) ?? files[0]!;
}

/** Lines by the row's number in `source_rows`. */
async function locateIn(
  files: readonly EventPart[],
  found: readonly FoundRow[],
): Promise<ReadonlyMap<number, LocatedRow>> {
  const lines = new Map<number, LocatedRow>();
  for (const part of files) {
    const rows = found.filter(({ row }) => partOf(files, row) === part).map(({ row }) => row - part.before);
    for (const [row, located] of await locateRows(part.file, rows)) lines.set(row + part.before, located);
  }
  return lines;
}

function placeExample(
  { role, file }: Pick<EventPart, "role" | "file">,
  located: LocatedRow,
  { column, text, count }: Omit<FoundRow, "row"> = {},
): BadRowExample {
  const place = `${file.format === "parquet" ? "row" : "line"} ${located.line}`;
  const isBeside = role !== "train";
  return {
    ...(isBeside && { file: file.name }),
    line: located.line,
    place: isBeside ? `${file.name} ${place}` : place,
    ...(column !== undefined && { column }),
    text: text ?? located.text ?? "",
    ...(count !== undefined && { count }),
  };
}
