import * as z from "zod/mini";

/** Where a figure probably lies, and what that is: resampled units, or draws from a posterior. */
const interval = z.strictObject({
  kind: z.enum(["bootstrap", "credible"]),
  /** Share inside, in (0, 1). */
  level: z.number(),
  lower: z.number(),
  upper: z.number(),
});

/** A figure. One without an interval was not resampled; that is no claim that it is exact. */
export const estimate = z.strictObject({ value: z.number(), interval: z.optional(interval) });

export type Interval = z.output<typeof interval>;
export type Estimate = z.output<typeof estimate>;
