/** Text rows to typed events: rows without ids go, event types get their weight, every value must be readable. */
import { AttuneError } from "@attune/contracts";
import type { RecommendDataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readNumbers, readRows } from "../engine/rows.ts";
import { type EventParts, locateRow } from "../source/import-events.ts";
import { joinSql, type Sql, sql } from "../sql/sql.ts";
import type { RuleLog } from "./rule-log.ts";
import { givenRoles, type SourceColumns } from "./source-columns.ts";

/** Problems told one by one; the rest are counted. */
const listedProblems = 20;

/**
 * Builds `events` (`row_id, user_code, item_code, ts, kind, rating, weight, given`) and the ids behind the codes,
 * `all_users` and `all_items`. Codes follow the byte order of the ids. `ts` is epoch milliseconds, 0 without a time
 * column; `kind` the event's type, "" without one; `rating` null without a rating column; `given` the role that a given
 * split names.
 *
 * @throws {AttuneError} `DATA_UNKNOWN_EVENT_TYPE`, `DATA_UNPARSABLE`, `DATA_GIVEN_SPLIT`, `DATA_EMPTY`.
 */
export async function parseEvents(
  engine: Engine,
  parts: EventParts,
  columns: SourceColumns,
  data: RecommendDataConfig,
  log: RuleLog,
): Promise<void> {
  const { path } = parts;
  const { hasIds, type, typeWeight, rating, time, givenRole } = columns;
  const [withIds] = await readNumbers(engine, sql`select count(*) from source_rows where ${hasIds}`);
  log.add("missing ids", withIds!);
  const kept = await keepTypes(engine, path, columns, data, log);
  await numberIds(engine, columns, kept);
  await engine.materialize(
    "events",
    sql`select s.row_id, u.user_code, i.item_code,
        ${time?.value ?? sql`cast(0 as bigint)`} as ts,
        ${type === undefined ? sql`''` : sql`coalesce(${type}, '')`} as kind,
        ${rating?.value ?? sql`cast(null as double)`} as rating,
        ${typeWeight} as weight, ${givenRole} as given
      from source_rows s
      join all_users u on u.user_id = ${columns.user}
      join all_items i on i.item_id = ${columns.item}
      where ${kept}`,
  );
  await refuseUnreadable(engine, parts, data, columns, kept);
  await refuseUnknownRoles(engine, path, columns, kept);
  await engine.discard("source_rows");
}

/** Rows of a given split that name no role: the values are listed with their counts. */
async function refuseUnknownRoles(
  engine: Engine,
  path: string,
  { givenText, givenRole }: SourceColumns,
  kept: Sql,
): Promise<void> {
  if (givenText === undefined) return;
  const value = sql`coalesce(${givenText}, '')`;
  const unknown = await readRows(
    engine,
    sql`select ${value}, count(*) from source_rows where ${kept} and ${givenRole} is null
      group by ${value} order by ${value} asc`,
  );
  if (unknown.length === 0) return;
  const issues = unknown.map(
    ([name, count]) =>
      `${name === "" ? "(empty)" : JSON.stringify(name)} is no role: ${count} rows; there are ${givenRoles.join(", ")}`,
  );
  throw new AttuneError("DATA_GIVEN_SPLIT", { path, issues });
}

/** @returns the condition for rows that stay. */
async function keepTypes(
  engine: Engine,
  path: string,
  { type, typeWeight, hasIds }: SourceColumns,
  data: RecommendDataConfig,
  log: RuleLog,
): Promise<Sql> {
  const { eventWeights } = data.rules;
  if (type === undefined || eventWeights === undefined) return hasIds;
  const unknown = await readRows(
    engine,
    sql`select ${type}, count(*) from source_rows where ${hasIds} and ${typeWeight} is null
      group by ${type} order by ${type} asc nulls first`,
  );
  if (unknown.length > 0) {
    throw new AttuneError("DATA_UNKNOWN_EVENT_TYPE", {
      path,
      types: unknown.map(
        ([name, count]) => `${name === undefined ? "(empty)" : `"${name}"`}, ${count} events`,
      ),
      known: Object.keys(eventWeights),
    });
  }
  const kept = sql`${hasIds} and ${typeWeight} > 0`;
  const [rowsAfter] = await readNumbers(engine, sql`select count(*) from source_rows where ${kept}`);
  log.add("event types", rowsAfter!);
  return kept;
}

async function numberIds(engine: Engine, { user, item }: SourceColumns, kept: Sql): Promise<void> {
  await engine.materialize(
    "all_users",
    sql`select user_id, row_number() over (order by user_id asc) as user_code
      from (select ${user} as user_id from source_rows where ${kept} group by ${user}) ids`,
  );
  await engine.materialize(
    "all_items",
    sql`select item_id, row_number() over (order by item_id asc) as item_code
      from (select ${item} as item_id from source_rows where ${kept} group by ${item}) ids`,
  );
}

/** Looks at the typed events first: the source rows are only read again when something is wrong. */
async function refuseUnreadable(
  engine: Engine,
  parts: EventParts,
  data: RecommendDataConfig,
  columns: SourceColumns,
  kept: Sql,
): Promise<void> {
  const { dialect } = engine;
  const { user, item, rating, time } = columns;
  const [found] = await readNumbers(
    engine,
    sql`select (select count(*) from all_users where ${dialect.containsNul(sql`user_id`)})
      + (select count(*) from all_items where ${dialect.containsNul(sql`item_id`)})
      + (select count(*) from events where ts is null${rating ? sql` or rating is null` : sql``})`,
  );
  if (found === 0) return;

  const idNames = [data.events.columns.user, data.events.columns.item];
  const values = [rating, time].filter((value) => value !== undefined);
  const problem = (place: number, text: Sql, condition: Sql) =>
    sql`select row_id, ${place} as place, ${text} as value from source_rows where ${kept} and ${condition}`;
  const problems = [
    problem(0, user, dialect.containsNul(user)),
    problem(1, item, dialect.containsNul(item)),
    ...values.map((column, index) => problem(index + 2, column.text, sql`(${column.value}) is null`)),
  ];
  const count = await engine.materialize("problems", joinSql(problems, " union all "));
  const rows = await readRows(
    engine,
    sql`select row_id, place, value from problems order by row_id, place limit ${listedProblems}`,
  );
  const lines = rows.map(([row, place, value]) => {
    const shown =
      value === undefined || value === "" ? "nothing" : JSON.stringify(String(value).slice(0, 40));
    const column = values[Number(place) - 2];
    const where = locateRow(parts, Number(row));
    return column === undefined
      ? `${where}, ${idNames[Number(place)]}: ${shown} holds the character U+0000`
      : `${where}, ${column.name}: ${shown} is not ${column.expected}`;
  });
  throw new AttuneError("DATA_UNPARSABLE", { path: parts.path, problems: lines, count });
}
