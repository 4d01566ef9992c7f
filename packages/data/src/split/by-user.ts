/** Whole users are held out: their older events are shown as history, the newer ones are to be found. */
import { eventRole } from "@attune/contracts";
import { sql } from "../sql/sql.ts";
import { hashBuckets, shareBuckets } from "./hash-shares.ts";
import type { Split } from "./split.ts";

/**
 * Users fall by a seeded hash of `seed:user`. A held-out user shows `max(1, ⌊n · foldIn⌋)` of their `n` events, oldest
 * first, but at most `n − 1`: one event at least is to be found. A user with a single event only shows it.
 */
export const byUserSplit: Split<"by-user"> = {
  kind: "by-user",
  hint: "there are too few users for such a share: raise data.split.validation and data.split.test, or change the seed",
  async assign({ engine, from, seed, config }) {
    const { dialect } = engine;
    const { test, held } = shareBuckets(config);
    const foldIn = Math.round(config.foldIn * hashBuckets);
    const bucket = dialect.hashBucket(sql`${dialect.text(`${seed}:`)} || user_id`, hashBuckets);
    const shown = sql`(place <= 1 or (place < n and place <= floor(n * ${foldIn} / ${hashBuckets})))`;
    return sql`select row_id, user_code, item_code, ts, weight, case
        when bucket < ${test} then case when ${shown} then ${eventRole.testHistory} else ${eventRole.test} end
        when bucket < ${held} then case when ${shown} then ${eventRole.validationHistory} else ${eventRole.validation} end
        else ${eventRole.train} end as role
      from (
        select e.row_id, e.user_code, e.item_code, e.ts, e.weight, u.bucket,
          row_number() over (partition by e.user_code order by e.ts asc, e.row_id asc) as place,
          count(*) over (partition by e.user_code) as n
        from ${from} e
        join (select user_code, ${bucket} as bucket from all_users) u on u.user_code = e.user_code
      ) ranked`;
  },
};
