/** Shares by a seeded hash: the same key falls on the same side, whatever stands around it. */
import type { Engine } from "../engine/engine.ts";
import { type Sql, sql } from "../sql/sql.ts";

/** Buckets of a hashed share: one part in ten thousand is the finest. */
export const hashBuckets = 10_000;

/** Upper bounds, in buckets, of the test share and of test and validation together. */
export function shareBuckets(config: { readonly test: number; readonly validation: number }): {
  readonly test: number;
  readonly held: number;
} {
  const test = Math.round(config.test * hashBuckets);
  return { test, held: test + Math.round(config.validation * hashBuckets) };
}

/**
 * The events of `from` with `bucket`, by a hash of `seed:user:item`: all that a user did with an item falls together,
 * so that no repeat is told by its own past.
 */
export function hashPairs({ dialect }: Engine, from: Sql, seed: number): Sql {
  const key = sql`${dialect.text(`${seed}:`)} || u.user_id || ':' || i.item_id`;
  return sql`(select e.*, ${dialect.hashBucket(key, hashBuckets)} as bucket
    from ${from} e
    join all_users u on u.user_code = e.user_code
    join all_items i on i.item_code = e.item_code)`;
}
