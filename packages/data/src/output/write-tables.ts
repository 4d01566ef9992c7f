/** Gives users and items their indexes and writes the three Parquet files. */
import { join } from "node:path";
import { eventRole } from "@attune/contracts";
import type { DataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { joinSql, type Sql, sql, table } from "../sql/sql.ts";
import { dataFiles } from "./dataset-files.ts";

export interface WrittenCounts {
  readonly users: number;
  readonly items: number;
  /** Items that the items file does not describe; 0 without such a file. */
  readonly untitled: number;
}

/**
 * Writes `events.parquet` (`user_index, item_index, weight, time_ms, role`), `users.parquet` (`user_index, user_id`) and
 * `items.parquet` (`item_index, item_id`, and `title` and the extra columns when the config names an items file).
 *
 * Users are indexed by id. Items are indexed by their train events, most first, ties by id; items without a train event
 * have the index −1 and no row. Events go by user, oldest first, ties by item index; by row where there is no time.
 */
export async function writeTables(engine: Engine, dir: string, data: DataConfig): Promise<WrittenCounts> {
  const users = await engine.materialize(
    "users",
    sql`select user_code, cast(row_number() over (order by user_code asc) - 1 as int) as user_index
      from (select user_code from split_events group by user_code) kept`,
  );
  const items = await engine.materialize(
    "items",
    sql`select item_code, cast(row_number() over (order by n desc, item_code asc) - 1 as int) as item_index
      from (
        select item_code, count(*) as n from split_events where role = ${eventRole.train} group by item_code
      ) counted`,
  );
  await engine.write(join(dir, dataFiles.events), eventsQuery(data.events.columns.time !== undefined));
  await engine.write(
    join(dir, dataFiles.users),
    sql`select k.user_index, u.user_id from users k join all_users u on u.user_code = k.user_code
      order by k.user_index asc`,
  );
  await engine.write(join(dir, dataFiles.items), itemsQuery(engine, data.items));
  return { users, items, untitled: data.items === undefined ? 0 : await countUntitled(engine) };
}

function eventsQuery(hasTime: boolean): Sql {
  const order = hasTime ? sql`time_ms asc, item_index asc, item_code asc, row_id asc` : sql`row_id asc`;
  return sql`select user_index, item_index, weight, time_ms, role
    from (
      select u.user_index, coalesce(i.item_index, -1) as item_index, e.weight, e.ts as time_ms, e.role,
        e.item_code, e.row_id
      from split_events e
      join users u on u.user_code = e.user_code
      left join items i on i.item_code = e.item_code
    ) indexed
    order by user_index asc, ${order}`;
}

/** The first row of each item in the items file. */
const firstItemRows = sql`(
  select * from (select *, row_number() over (partition by c0 order by row_id asc) as place from item_rows) numbered
  where place = 1)`;

function itemsQuery(engine: Engine, items: DataConfig["items"]): Sql {
  const ids = sql`select k.item_index, i.item_id`;
  const from = sql`from items k join all_items i on i.item_code = k.item_code`;
  if (items === undefined) return sql`${ids} ${from} order by k.item_index asc`;
  const extra = items.extra.map(
    (name, index) => sql`coalesce(d.${table(`c${index + 2}`)}, '') as ${engine.dialect.identifier(name)}`,
  );
  const details = joinSql([sql`coalesce(nullif(d.c1, ''), i.item_id) as title`, ...extra], ", ");
  return sql`${ids}, ${details} ${from} left join ${firstItemRows} d on d.c0 = i.item_id
    order by k.item_index asc`;
}

async function countUntitled(engine: Engine): Promise<number> {
  const [count] = await readNumbers(
    engine,
    sql`select count(*) from items k join all_items i on i.item_code = k.item_code
      left join ${firstItemRows} d on d.c0 = i.item_id where nullif(d.c1, '') is null`,
  );
  return count!;
}
