/** Users and items with too few of each other go, until all that are left have enough. */
import type { RecommendDataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { type Sql, sql, table } from "../sql/sql.ts";

export interface Core {
  /** The table that holds the result: different pairs `user_code, item_code`. */
  readonly table: string;
  /** 0 when one is enough on both sides: then nothing can go. */
  readonly rounds: number;
}

/**
 * Drops users with fewer than `minUserEvents` different items and items with fewer than `minItemEvents` different
 * users, in rounds, until nothing more goes. The result is the largest set in which every user and every item has
 * enough; it does not depend on the order of dropping. Repeats of a pair count once.
 *
 * @param name - what the tables of this core are called.
 * @param from - events with `user_code, item_code`.
 * @see Seidman 1983, Network structure and minimum degree (k-core); here with one k per side of a bipartite graph.
 */
export async function keepCore(
  engine: Engine,
  name: string,
  from: Sql,
  rules: Pick<RecommendDataConfig["rules"], "minUserEvents" | "minItemEvents">,
): Promise<Core> {
  const { minUserEvents, minItemEvents } = rules;
  let pairs = `${name}_pairs`;
  let rows = await engine.materialize(
    pairs,
    sql`select user_code, item_code from ${from} events group by user_code, item_code`,
  );
  if (minUserEvents === 1 && minItemEvents === 1) return { table: pairs, rounds: 0 };
  for (let round = 1; ; round++) {
    const next = `${name}_pairs_${round}`;
    const before = table(pairs);
    const left = await engine.materialize(
      next,
      sql`select p.* from ${before} p
        join (select user_code from ${before} group by user_code having count(*) >= ${minUserEvents}) u
          on u.user_code = p.user_code
        join (select item_code from ${before} group by item_code having count(*) >= ${minItemEvents}) i
          on i.item_code = p.item_code`,
    );
    await engine.discard(pairs);
    pairs = next;
    if (left === rows || left === 0) return { table: pairs, rounds: round };
    rows = left;
  }
}

/** The rule's line in the report. */
export function describeCore(
  { minUserEvents, minItemEvents }: RecommendDataConfig["rules"],
  rounds: number,
): string {
  return `users ${minUserEvents}, items ${minItemEvents}, ${rounds} ${rounds === 1 ? "round" : "rounds"}`;
}
