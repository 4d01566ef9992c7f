/** What `attune init` writes: a config whose columns are guessed from the beginning of the events file. */
import type { ProjectConfigInput } from "@attune/contracts/config";
import { sampleEvents } from "@attune/data";

type RecommendInput = Extract<ProjectConfigInput, { data: { events: object } }>;
type Columns = RecommendInput["data"]["events"]["columns"];

export interface ColumnGuess {
  readonly columns: Columns;
  readonly timeUnit: "s" | "ms" | "iso";
  /** Needed columns that could not be recognised: a placeholder stands in their place. */
  readonly unknown: readonly string[];
  /** Every column of the file. */
  readonly found: readonly string[];
}

const names = {
  user: /^(user|customer|visitor|member|account|session|reviewer)[_ -]?(id)?$/i,
  item: /^(item|product|movie|book|article|track|asin|sku|content)[_ -]?(id)?$/i,
  rating: /^(rating|stars|score|overall)$/i,
  time: /^(timestamp|time|ts|date|datetime|created[_ -]?at|event[_ -]?time)$/i,
  type: /^(event|type|event[_ -]?type|action|behaviou?r)$/i,
};

/**
 * Guesses by the names of the columns; the unit of times by the first one.
 *
 * @throws {AttuneError} what is wrong with the file, see `sampleEvents`.
 */
export async function guessColumns(file: string): Promise<ColumnGuess> {
  const found = await sampleEvents(file);
  const pick = (pattern: RegExp) => found.find(({ name }) => pattern.test(name));
  const user = pick(names.user)?.name;
  const item = pick(names.item)?.name;
  const time = pick(names.time) ?? found.find(({ isTime }) => isTime);
  const rating = pick(names.rating)?.name;
  const type = pick(names.type)?.name;
  const columns: Columns = {
    user: user ?? "user_id",
    item: item ?? "item_id",
    ...(rating && { rating }),
    ...(time && { time: time.name }),
    ...(type && { type }),
  };
  return {
    columns,
    timeUnit: time?.isTime ? "iso" : guessTimeUnit(time?.sample.trim() ?? ""),
    unknown: [...(user ? [] : ["user"]), ...(item ? [] : ["item"])],
    found: found.map(({ name }) => name),
  };
}

function guessTimeUnit(sample: string): "s" | "ms" | "iso" {
  if (!/^\d+(\.\d+)?$/.test(sample)) return sample === "" ? "s" : "iso";
  return Number(sample) > 1e11 ? "ms" : "s";
}

export function configTemplate(input: { name: string; events: string; guess: ColumnGuess }): string {
  const { columns, timeUnit } = input.guess;
  const config: RecommendInput = {
    name:
      input.name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "") || "model",
    seed: 42,
    data: {
      events: { path: input.events, columns, ...(columns.time !== undefined && { timeUnit }) },
      rules: { duplicates: "last", repeats: "drop", minUserEvents: 5, minItemEvents: 5 },
      split: { kind: columns.time === undefined ? "random" : "global-time", validation: 0.1, test: 0.1 },
    },
    train: { metric: "ndcg@10" },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
