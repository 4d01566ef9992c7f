/** The items of a catalogue get their indexes. */
import type { Engine } from "../engine/engine.ts";
import { sql, table } from "../sql/sql.ts";

/**
 * Builds a table of `item_code, item_index` from different pairs of user and item: the item that most users met has
 * index 0, ties go by the bytes of the id.
 *
 * @returns items.
 */
export async function createItems(engine: Engine, name: string, pairs: string): Promise<number> {
  return await engine.materialize(
    name,
    sql`select item_code, cast(row_number() over (order by n desc, item_code asc) - 1 as int) as item_index
      from (select item_code, count(*) as n from ${table(pairs)} group by item_code) counted`,
  );
}
