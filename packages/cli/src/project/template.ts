/** What `attune init` writes: a config whose columns are guessed from the first line of the events file. */
import { open } from "node:fs/promises";
import { AttuneError } from "@attune/contracts";
import type { ProjectConfigInput } from "@attune/contracts/config";

type Columns = ProjectConfigInput["data"]["events"]["columns"];

export interface ColumnGuess {
  readonly columns: Columns;
  readonly timeUnit: "s" | "ms" | "iso";
  /** False when a needed column could not be recognised and a placeholder stands in its place. */
  readonly certain: boolean;
}

const names = {
  user: /^(user|customer|visitor|member|account|session|reviewer)[_ -]?(id)?$/i,
  item: /^(item|product|movie|book|article|track|asin|sku|content)[_ -]?(id)?$/i,
  rating: /^(rating|stars|score|overall)$/i,
  time: /^(timestamp|time|ts|date|datetime|created[_ -]?at|event[_ -]?time)$/i,
  type: /^(event|type|event[_ -]?type|action|behaviou?r)$/i,
};

/** Reads the header of a text file. A Parquet file or an unknown header gives placeholders to fill in. */
export async function guessColumns(file: string): Promise<ColumnGuess> {
  const [header = "", first = ""] = file.endsWith(".parquet") ? [] : (await readStart(file)).split(/\r?\n/);
  const separator = file.endsWith(".tsv") ? "\t" : ",";
  const cells = (line: string) => line.split(separator).map((cell) => cell.trim().replace(/^"|"$/g, ""));
  const found = header.trimStart().startsWith("{") ? Object.keys(parseLine(header)) : cells(header);
  const pick = (pattern: RegExp) => found.find((name) => pattern.test(name));
  const user = pick(names.user);
  const item = pick(names.item);
  const time = pick(names.time);
  const rating = pick(names.rating);
  const type = pick(names.type);
  const columns: Columns = {
    user: user ?? "user_id",
    item: item ?? "item_id",
    ...(rating && { rating }),
    ...(time && { time }),
    ...(type && { type }),
  };
  const sample = time === undefined ? "" : (cells(first)[found.indexOf(time)] ?? "");
  return { columns, timeUnit: guessTimeUnit(sample), certain: user !== undefined && item !== undefined };
}

function guessTimeUnit(sample: string): "s" | "ms" | "iso" {
  if (!/^\d+(\.\d+)?$/.test(sample)) return sample === "" ? "s" : "iso";
  return Number(sample) > 1e11 ? "ms" : "s";
}

function parseLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

async function readStart(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
      return buffer
        .subarray(0, bytesRead)
        .toString("utf8")
        .replace(/^\uFEFF/, "");
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new AttuneError("DATA_FILE_NOT_FOUND", { path: file, role: "events" }, { cause });
  }
}

export function configTemplate(input: { name: string; events: string; guess: ColumnGuess }): string {
  const { columns, timeUnit } = input.guess;
  const config: ProjectConfigInput = {
    name:
      input.name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "") || "model",
    seed: 42,
    data: {
      events: { path: input.events, columns, ...(columns.time !== undefined && { timeUnit }) },
      rules: { duplicates: "last", minUserEvents: 5, minItemEvents: 5 },
      split:
        columns.time === undefined ? { kind: "random" } : { kind: "leave-last-out", validation: 1, test: 1 },
    },
    train: { models: ["popularity", "item-knn", "ease", "autoencoder"], metric: "ndcg@10" },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
