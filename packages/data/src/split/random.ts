/** Each event falls by a seeded hash of its user and item. */
import { eventRole } from "@attune/contracts";
import { sql } from "../sql/sql.ts";
import { hashBuckets, type Split, shareBuckets } from "./split.ts";

/** The key is `seed:user:item`: an event keeps its role when others come or go. */
export const randomSplit: Split<"random"> = {
  kind: "random",
  hint: "there are too few events for such a share: raise data.split.validation and data.split.test, or change the seed",
  async assign({ engine, from, seed, config }) {
    const { dialect } = engine;
    const { test, held } = shareBuckets(config);
    const key = sql`${dialect.text(`${seed}:`)} || u.user_id || ':' || i.item_id`;
    return sql`select row_id, user_code, item_code, ts, weight, case
        when bucket < ${test} then ${eventRole.test}
        when bucket < ${held} then ${eventRole.validation}
        else ${eventRole.train} end as role
      from (
        select e.*, ${dialect.hashBucket(key, hashBuckets)} as bucket
        from ${from} e
        join all_users u on u.user_code = e.user_code
        join all_items i on i.item_code = e.item_code
      ) hashed`;
  },
};
