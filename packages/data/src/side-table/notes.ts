/** What a reader should know of a side table, a sentence each. */
import type { SideTableReport } from "@attune/contracts/manifest";
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { sql, table } from "../sql/sql.ts";
import { type SideTable, sideCell, sideDetails } from "./side-table.ts";

export async function describeGaps(
  engine: Engine,
  side: SideTable,
  report: SideTableReport,
  catalogue: string,
): Promise<string[]> {
  const { file, missing, matched, unused } = report;
  const notes: string[] = [];
  if (missing > 0) {
    const effects = [
      ...(side.title === undefined ? [] : ["their id stands for the title"]),
      ...(side.features.length === 0 ? [] : ["their features are missing"]),
    ].join(" and ");
    notes.push(
      `${missing} of ${missing + matched} ${side.of} have no row in ${file}${effects && `: ${effects}`}.`,
    );
  }
  if (unused > 0) {
    notes.push(
      `${unused} rows of ${file} are not used: their id is in no event that passes the rules, is empty, or stands in an earlier row, which counts.`,
    );
  }
  const untitled = await countUntitled(engine, side, catalogue);
  if (untitled > 0) {
    notes.push(`${untitled} ${side.of} with a row but no title in ${file}: their id stands for it.`);
  }
  return notes;
}

async function countUntitled(engine: Engine, side: SideTable, catalogue: string): Promise<number> {
  if (side.title === undefined) return 0;
  const [count] = await readNumbers(
    engine,
    sql`select count(*) from ${table(sideDetails(side))} d join ${table(catalogue)} k on k.item_code = d.code
      where coalesce(d.${sideCell(side, side.title)}, '') = ''`,
  );
  return count!;
}
