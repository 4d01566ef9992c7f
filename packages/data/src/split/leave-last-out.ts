/** The newest events of each user are held out. */
import { eventRole } from "@attune/contracts";
import { sql } from "../sql/sql.ts";
import type { Split } from "./split.ts";

/**
 * Of a user's `n` events, newest first, `min(test, n − 1)` are the test, then up to `validation` more while one is left.
 * So every user keeps an event to train on, and short histories give test events before validation events. A repeat is
 * an event like any other: whether it is a target is for `rules.repeats` to say. Ties in time go by row.
 */
export const leaveLastOutSplit: Split<"leave-last-out"> = {
  kind: "leave-last-out",
  hint: "too few users have that many events: lower data.split.validation and data.split.test",
  async assign({ from, config }) {
    const held = config.test + config.validation;
    return sql`select row_id, user_code, item_code, ts, weight, case
        when place <= ${config.test} and place < n then ${eventRole.test}
        when place <= ${held} and place < n then ${eventRole.validation}
        else ${eventRole.train} end as role
      from (
        select row_id, user_code, item_code, ts, weight,
          row_number() over (partition by user_code order by ts desc, row_id desc) as place,
          count(*) over (partition by user_code) as n
        from ${from} e
      ) ranked`;
  },
};
