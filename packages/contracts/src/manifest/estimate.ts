import * as z from "zod/mini";

const count = z.int().check(z.minimum(0));

/** A figure with its 95 % interval. */
export const estimate = z.strictObject({ value: z.number(), lower: z.number(), upper: z.number() });

/** What pruning to the size budget did, and what it cost on the validation users. */
export const pruning = z.strictObject({
  budgetBytes: count,
  neighboursPerItem: count,
  bytesBefore: count,
  bytesAfter: count,
  ndcgBefore: z.number(),
  ndcgAfter: z.number(),
});

export type Estimate = z.output<typeof estimate>;
export type Pruning = z.output<typeof pruning>;
