/** Writes one catalogue and its events as three Parquet files. */
import { join } from "node:path";
import type { CatalogueTables } from "../catalogue/tables.ts";
import type { Engine } from "../engine/engine.ts";
import { type SideTable, sideCell, sideDetails } from "../side-table/side-table.ts";
import { storedFeature, storedShow, storedTitle } from "../side-table/stored-columns.ts";
import { joinSql, type Sql, sql, table } from "../sql/sql.ts";
import type { CatalogueFiles } from "./dataset-files.ts";

/**
 * Writes the events (`user_index, item_index, weight, time_ms`, and `role` where `hasRoles`), the users (`user_index,
 * user_id`) and the items (`item_index, item_id`), with what the side tables say of them: `title`, `show:…` as text,
 * `feature:…` as a number or as the text of the cell, null where there is none.
 *
 * Events go by user, oldest first, ties by their row in the source.
 */
export async function writeTables(
  engine: Engine,
  dir: string,
  files: CatalogueFiles,
  tables: CatalogueTables,
  options: { readonly hasRoles: boolean; readonly sides: readonly SideTable[] },
): Promise<void> {
  const { users, items } = tables;
  const sideOf = (of: SideTable["of"]) => options.sides.find((side) => side.of === of);
  await engine.write(join(dir, files.events), eventsQuery(tables, options.hasRoles));
  await engine.write(
    join(dir, files.users),
    sql`select k.user_index, i.user_id${detailColumns(engine, sideOf("users"))} from ${table(users)} k
      join all_users i on i.user_code = k.user_code${detailJoin(sideOf("users"), sql`k.user_code`)}
      order by k.user_index asc`,
  );
  await engine.write(
    join(dir, files.items),
    sql`select k.item_index, i.item_id${detailColumns(engine, sideOf("items"))} from ${table(items)} k
      join all_items i on i.item_code = k.item_code${detailJoin(sideOf("items"), sql`k.item_code`)}
      order by k.item_index asc`,
  );
}

function eventsQuery({ events, users, weight }: CatalogueTables, hasRoles: boolean): Sql {
  return sql`select user_index, item_index, weight, time_ms${hasRoles ? sql`, role` : sql``}
    from (
      select u.user_index, e.item_index, ${weight} as weight, e.ts as time_ms, e.row_id${hasRoles ? sql`, e.role` : sql``}
      from ${events} e
      join ${table(users)} u on u.user_code = e.user_code
    ) indexed
    order by user_index asc, time_ms asc, row_id asc`;
}

function detailJoin(side: SideTable | undefined, code: Sql): Sql {
  return side === undefined ? sql`` : sql` left join ${table(sideDetails(side))} d on d.code = ${code}`;
}

function detailColumns({ dialect }: Engine, side: SideTable | undefined): Sql {
  if (side === undefined) return sql``;
  const cell = (name: string) => sql`d.${sideCell(side, name)}`;
  const title =
    side.title === undefined
      ? []
      : [sql`coalesce(nullif(${cell(side.title)}, ''), i.item_id) as ${dialect.identifier(storedTitle)}`];
  const show = side.show.map(
    (name) => sql`coalesce(${cell(name)}, '') as ${dialect.identifier(storedShow(name))}`,
  );
  const features = side.features.map(({ name, kind }) => {
    const value = kind === "number" ? dialect.toNumber(cell(name)) : sql`nullif(${cell(name)}, '')`;
    return sql`${value} as ${dialect.identifier(storedFeature(name))}`;
  });
  return joinSql([sql``, ...title, ...show, ...features], ", ");
}
