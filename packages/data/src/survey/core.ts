/** How dense the events are: repeats of a pair, and what a k-core would leave of them. */
import type { Engine } from "../engine/engine.ts";
import { readNumbers } from "../engine/rows.ts";
import { joinSql, type Sql, sql, table } from "../sql/sql.ts";

/** A k-core is followed for this many rounds: what is left is the true figure or a little more. */
const mostRounds = 10;

export interface CoreOptions {
  readonly user: string;
  readonly item: string;
  /** Events of these types alone. */
  readonly types?: { readonly column: string; readonly values: readonly string[] };
  /** Events rated this or more. */
  readonly rated?: { readonly column: string; readonly least: number };
  /** Least number of distinct items of a user and of users of an item; without it no k-core is measured. */
  readonly minimum?: number;
}

export interface CoreSurvey {
  readonly eventCount: number;
  readonly userCount: number;
  readonly itemCount: number;
  /** Distinct pairs of a user and an item, and those that occur more than once. */
  readonly pairCount: number;
  readonly repeatedPairCount: number;
  /** Events left by the k-core; all of them without a minimum. */
  readonly left: number;
}

export async function measureCore(
  engine: Engine,
  options: CoreOptions,
  cell: (name: string) => Sql,
): Promise<CoreSurvey> {
  const user = cell(options.user);
  const item = cell(options.item);
  await engine.materialize(
    "survey_pairs",
    sql`select ${user} as user_id, ${item} as item_id, count(*) as n from survey_rows
      where ${user} <> '' and ${item} <> '' ${describeFilters(engine, options, cell)} group by ${user}, ${item}`,
  );
  const [eventCount, userCount, itemCount, pairCount, repeatedPairCount] = await readNumbers(
    engine,
    sql`select cast(coalesce(sum(n), 0) as bigint), count(distinct user_id), count(distinct item_id), count(*),
      count(case when n > 1 then 1 end) from survey_pairs`,
  );
  const { minimum } = options;
  const left = minimum === undefined ? eventCount! : await countLeft(engine, minimum, pairCount!);
  await engine.discard("survey_pairs");
  return {
    eventCount: eventCount!,
    userCount: userCount!,
    itemCount: itemCount!,
    pairCount: pairCount!,
    repeatedPairCount: repeatedPairCount!,
    left,
  };
}

function describeFilters(engine: Engine, { types, rated }: CoreOptions, cell: (name: string) => Sql): Sql {
  const { dialect } = engine;
  const values =
    types &&
    joinSql(
      types.values.map((value) => dialect.text(value)),
      ", ",
    );
  const ofTypes = types && values ? sql` and ${cell(types.column)} in (${values})` : sql``;
  const ofRatings = rated ? sql` and ${dialect.toNumber(cell(rated.column))} >= ${rated.least}` : sql``;
  return sql`${ofTypes}${ofRatings}`;
}

async function countLeft(engine: Engine, minimum: number, pairCount: number): Promise<number> {
  let before = pairCount;
  // Each round reads the table of the one before; a later call writes over the last.
  let pairs = table("survey_pairs");
  for (let round = 1; round <= mostRounds; round++) {
    const name = `survey_core_${round}`;
    const after = await engine.materialize(
      name,
      sql`select p.user_id, p.item_id, p.n from ${pairs} p
        join (select user_id from ${pairs} group by user_id having count(*) >= ${minimum}) u on u.user_id = p.user_id
        join (select item_id from ${pairs} group by item_id having count(*) >= ${minimum}) i on i.item_id = p.item_id`,
    );
    if (round > 1) await engine.discard(`survey_core_${round - 1}`);
    pairs = table(name);
    if (after === before) break;
    before = after;
  }
  const [events] = await readNumbers(engine, sql`select cast(coalesce(sum(n), 0) as bigint) from ${pairs}`);
  return events!;
}
