/** The config that `init` writes, out of what it found. */

import type { BadRowsChoice } from "./bad-rows.ts";
import type { FurtherColumns } from "./further-columns.ts";
import type { DataInput, RecommendInput } from "./guess.ts";
import type { RulesGuess } from "./guess-rules.ts";
import type { SplitGuess } from "./guess-split.ts";

export interface ConfigParts {
  /** Any text; the config's name is made of its letters and digits. */
  readonly name: string;
  /** Relative to the config. */
  readonly events: string;
  readonly user: string;
  readonly item: string;
  readonly further: FurtherColumns;
  readonly items: DataInput["items"];
  readonly rules: RulesGuess["rules"];
  readonly split: SplitGuess["split"];
  readonly badRows?: BadRowsChoice;
}

export function createConfig(parts: ConfigParts): RecommendInput {
  const { user, item, further, items, rules, split } = parts;
  const { rating, time, type } = further;
  return {
    name: simplify(parts.name),
    seed: 42,
    data: {
      events: {
        path: parts.events,
        columns: {
          user,
          item,
          ...(rating && { rating: rating.choice.column }),
          ...(time && { time: time.choice.column }),
          ...(type && { type: type.choice.column }),
        },
        ...(time && { timeUnit: time.survey.unit }),
        ...parts.badRows,
      },
      ...(items && { items }),
      rules,
      split,
    },
    train: { metric: "ndcg@10" },
  };
}

function simplify(name: string): string {
  const simple = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return simple || "model";
}
