/** One catalogue and its events, as tables of the engine. */
import type { Sql } from "../sql/sql.ts";

export interface CatalogueTables {
  /** `row_id, user_code, item_code, item_index, ts, weight`, and `role` where roles are. */
  readonly events: Sql;
  /** A table of `user_code, user_index`. */
  readonly users: string;
  /** A table of `item_code, item_index`. */
  readonly items: string;
  readonly userCount: number;
  readonly itemCount: number;
  /** The weight in its last form, over the columns of `events`. */
  readonly weight: Sql;
}
