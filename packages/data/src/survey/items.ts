/** How much of the events' items a file describes, and what its columns hold. */
import { refuseBrokenTable } from "../bad-rows/settle.ts";
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { importSource } from "../source/import-source.ts";
import { openSource } from "../source/open-source.ts";
import { joinSql, type Sql, sql, table } from "../sql/sql.ts";

export interface ItemsInput {
  /** The events' column of item ids. */
  readonly item: string;
  /** Absolute. */
  readonly path: string;
  /** Columns of the file that may hold the id. */
  readonly ids: readonly string[];
  /** Columns to describe. */
  readonly describe: readonly string[];
}

export interface ItemsSurvey {
  readonly rowCount: number;
  /** Distinct items of the events. */
  readonly itemCount: number;
  /** Those among them that each column of `ids` names, in its order. */
  readonly matched: readonly number[];
  readonly columns: readonly ColumnSurvey[];
}

export interface ColumnSurvey {
  readonly name: string;
  /** Rows with something in them. */
  readonly filledCount: number;
  readonly distinctCount: number;
  /** Rows with a number. */
  readonly numberCount: number;
  /** Rows that hold the character U+0000, which no feature may. */
  readonly nulCount: number;
  /** Rows with each separator of a list of values in one cell. */
  readonly separated: Readonly<Record<Separator, number>>;
}

export const separators = ["|", ";", ","] as const;
export type Separator = (typeof separators)[number];

/** The file is read as strictly as `prepareDataset` will read it. */
export async function surveyItems(
  engine: Engine,
  { item, path, ids, describe }: ItemsInput,
  cell: (name: string) => Sql,
): Promise<ItemsSurvey> {
  const file = await openSource({ path }, "", "items");
  const columns = [...new Set([...ids, ...describe])];
  const { rowCount } = await importSource(engine, file, "survey_items", columns);
  await refuseBrokenTable(engine, file, table("survey_items"), rowCount);
  const own = (name: string) => table(`c${columns.indexOf(name)}`);
  await engine.materialize(
    "survey_ids",
    sql`select ${cell(item)} as item_id from survey_rows where ${cell(item)} <> '' group by ${cell(item)}`,
  );
  const [itemCount] = await readNumbers(engine, sql`select count(*) from survey_ids`);
  const matched: number[] = [];
  for (const id of ids) {
    const [count] = await readNumbers(
      engine,
      sql`select count(*) from survey_ids e join (select ${own(id)} as id from survey_items group by ${own(id)}) f
        on f.id = e.item_id`,
    );
    matched.push(count!);
  }
  const described: ColumnSurvey[] = [];
  for (const name of describe) described.push(await describeColumn(engine, name, own(name)));
  await engine.discard("survey_items");
  await engine.discard("survey_ids");
  return { rowCount, itemCount: itemCount!, matched, columns: described };
}

async function describeColumn(engine: Engine, name: string, text: Sql): Promise<ColumnSurvey> {
  const { dialect } = engine;
  const separated = separators.map(
    (separator) => sql`count(case when ${text} like ${dialect.text(`%${separator}%`)} then 1 end)`,
  );
  const [filledCount, distinctCount, numberCount, nulCount, ...counts] = await readNumbers(
    engine,
    sql`select count(case when ${text} <> '' then 1 end), count(distinct case when ${text} <> '' then ${text} end),
      count(${dialect.toNumber(text)}), count(case when ${dialect.containsNul(text)} then 1 end), ${joinSql(separated, ", ")} from survey_items`,
  );
  return {
    name,
    filledCount: filledCount!,
    distinctCount: distinctCount!,
    numberCount: numberCount!,
    nulCount: nulCount!,
    separated: Object.fromEntries(
      separators.map((separator, index) => [separator, counts[index]!]),
    ) as Record<Separator, number>,
  };
}
