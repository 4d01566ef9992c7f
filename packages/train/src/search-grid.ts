/** A trainer's settings to try: the product of a few values per hyperparameter, fixed ones taken as they are. */
import { AttuneError } from "@attune/contracts";
import { formatIssues } from "@attune/contracts/manifest";
import type * as z from "zod";
import type { Hyperparameters } from "./trainer.ts";

export interface SearchGrid<Config> {
  readonly kind: string;
  readonly schema: z.ZodType<Config>;
  /** Values to try per hyperparameter, the most ordinary first. The last name varies fastest. */
  readonly values: Readonly<Record<string, readonly unknown[]>>;
  /** What the user decided. Never searched. */
  readonly fixed: Hyperparameters;
}

/**
 * Every combination, parsed. The first one has the first value of each.
 *
 * @throws {AttuneError} `TRAIN_CONFIG` with every problem of the fixed values.
 */
export function expandGrid<Config>(grid: SearchGrid<Config>): Config[] {
  let settings: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(grid.values)) {
    if (name in grid.fixed) continue;
    settings = settings.flatMap((setting) =>
      values.map((value) => (value === undefined ? setting : { ...setting, [name]: value })),
    );
  }
  return settings.map((setting) => parseConfig(grid.kind, grid.schema, { ...setting, ...grid.fixed }));
}

/** @throws {AttuneError} `TRAIN_CONFIG` with every problem. */
export function parseConfig<Config>(kind: string, schema: z.ZodType<Config>, input: unknown): Config {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AttuneError("TRAIN_CONFIG", { kind, issues: formatIssues(result.error.issues) });
}
