/** Joins a side table to the ids of the events, and refuses one that describes nothing or cannot be read. */
import { AttuneError } from "@attune/contracts";
import type { SideTableReport } from "@attune/contracts/manifest";
import { locateRows } from "../bad-rows/locate.ts";
import type { CatalogueTables } from "../catalogue/tables.ts";
import type { Engine } from "../engine/engine.ts";
import { readNumbers, readRows } from "../engine/rows.ts";
import type { SourceFile } from "../source/open-files.ts";
import { joinSql, sql, table } from "../sql/sql.ts";
import { idsOf, type SideTable, sideCell, sideDetails, sideRows } from "./side-table.ts";

/** Values told one by one; the rest are counted. */
const listedValues = 20;

/**
 * Builds the table `sideDetails(side)` from the imported rows: the first row of each id that an event has.
 *
 * @param released - whose ids are counted as matched or missing.
 * @throws {AttuneError} `DATA_SIDE_TABLE` with every value that cannot be read, and when no id matches.
 */
export async function matchRows(
  engine: Engine,
  side: SideTable,
  file: SourceFile,
  rowCount: number,
  released: CatalogueTables,
): Promise<SideTableReport> {
  const ids = idsOf(side);
  await engine.materialize(
    sideDetails(side),
    sql`select a.${ids.code} as code, s.* from (
        select *, row_number() over (partition by c0 order by row_id asc) as place from ${table(sideRows(side))}
      ) s join ${ids.table} a on a.${ids.id} = s.c0 where s.place = 1`,
  );
  const catalogue = table(side.of === "items" ? released.items : released.users);
  const [matched, total] = await readNumbers(
    engine,
    sql`select count(d.code), count(*) from ${catalogue} k
      left join ${table(sideDetails(side))} d on d.code = k.${ids.code}`,
  );
  const issues = await findUnreadable(engine, side, file);
  if (matched === 0) {
    issues.unshift(
      `none of its ${rowCount} ids in ${side.columns[0]} is one of the ${total} ${side.of} of the events; check which column holds the id`,
    );
  }
  if (issues.length > 0) throw new AttuneError("DATA_SIDE_TABLE", { path: file.path, issues });
  const separators = side.features.filter(({ kind }) => kind === "set");
  return {
    file: file.name,
    sha256: file.sha256,
    rows: rowCount,
    matched: matched!,
    missing: total! - matched!,
    unused: rowCount - matched!,
    ...(separators.length > 0 && {
      separators: Object.fromEntries(separators.map(({ name, separator }) => [name, separator])),
    }),
  };
}

/** Numbers that are none, and text that no model file can hold, each with its line. */
async function findUnreadable(engine: Engine, side: SideTable, file: SourceFile): Promise<string[]> {
  if (side.features.length === 0) return [];
  const { dialect } = engine;
  const problems = side.features.map((feature, place) => {
    const cell = sideCell(side, feature.name);
    const isBad =
      feature.kind === "number"
        ? sql`${cell} <> '' and ${dialect.toNumber(cell)} is null`
        : dialect.containsNul(cell);
    return sql`select row_id, ${place} as place, ${cell} as value from ${table(sideRows(side))} where ${isBad}`;
  });
  const count = await engine.materialize("side_problems", joinSql(problems, " union all "));
  const rows = await readRows(
    engine,
    sql`select row_id, place, value from side_problems order by row_id asc, place asc limit ${listedValues}`,
  );
  await engine.discard("side_problems");
  const located = await locateRows(
    file,
    rows.map(([row]) => Number(row)),
  );
  const unit = file.format === "parquet" ? "row" : "line";
  const lines = rows.map(([row, place, value]) => {
    const { line } = located.get(Number(row))!;
    const { name, kind } = side.features[Number(place)]!;
    const shown = JSON.stringify(String(value).slice(0, 40));
    return `${unit} ${line}, ${name}: ${shown} ${kind === "number" ? "is not a number" : "holds the character U+0000"}`;
  });
  return count > lines.length ? [...lines, `and ${count - lines.length} more values`] : lines;
}
