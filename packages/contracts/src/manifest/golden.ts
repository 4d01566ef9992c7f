/** Golden rows: inputs of the raw graph and the trainer's answers, to which every runtime is held. */
import * as z from "zod/mini";

const goldenRow = z.strictObject({
  /** What the row is for: `"user"`, `"empty"`, `"unknown-ids"`, `"duplicates"`, `"exclude"`, `"long-history"`, … */
  name: z.string(),
  history: z.array(z.string()),
  weights: z.array(z.number()),
  exclude: z.array(z.string()),
  k: z.int().check(z.minimum(1)),
  expected: z.strictObject({
    items: z.array(z.string()),
    scores: z.array(z.number()),
    source: z.enum(["model", "fallback"]),
    unknown: z.int(),
  }),
});

export const goldenFile = z.strictObject({
  schemaVersion: z.literal(1),
  /** How the expected scores were made; never by the runtime under test. */
  reference: z.string(),
  rows: z.array(goldenRow),
});

export type GoldenRow = z.output<typeof goldenRow>;
export type GoldenFile = z.output<typeof goldenFile>;
