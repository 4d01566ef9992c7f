/** The k-core: users and items with enough events, where each counts only what the other left. */
import type { DataConfig } from "@attune/contracts/config";
import type { Engine } from "../engine/engine.ts";
import { sql, table } from "../sql/sql.ts";
import type { RuleLog } from "./rule-log.ts";

/**
 * Drops rare users and items, again and again, until nothing more goes. The result is the largest set in which every
 * user and every item has enough events; it does not depend on the order of dropping.
 *
 * @returns the table that holds the result, with the columns of `pairs`.
 * @see Seidman 1983, Network structure and minimum degree (k-core); here with one k per side of a bipartite graph.
 */
export async function keepCore(engine: Engine, rules: DataConfig["rules"], log: RuleLog): Promise<string> {
  const { minUserEvents, minItemEvents } = rules;
  if (minUserEvents === 1 && minItemEvents === 1) return "pairs";
  let name = "pairs";
  let rows = log.rows;
  for (let round = 1; ; round++) {
    const next = `core_${round}`;
    const from = table(name);
    const left = await engine.materialize(
      next,
      sql`select p.* from ${from} p
        join (select user_code from ${from} group by user_code having count(*) >= ${minUserEvents}) u
          on u.user_code = p.user_code
        join (select item_code from ${from} group by item_code having count(*) >= ${minItemEvents}) i
          on i.item_code = p.item_code`,
    );
    await engine.discard(name);
    name = next;
    if (left === rows || left === 0) {
      const rounds = `${round} ${round === 1 ? "round" : "rounds"}`;
      log.add("k-core", left, `users ${minUserEvents}, items ${minItemEvents}, ${rounds}`);
      return name;
    }
    rows = left;
  }
}
