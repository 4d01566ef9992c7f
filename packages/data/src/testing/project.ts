/** A project folder for a test: files written, config parsed, everything gone afterwards. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseProjectConfig, type RecommendDataConfig } from "@attune/contracts/config";
import { type PreparedDataset, type PrepareOptions, prepareDataset } from "../prepare.ts";

/** `data` of a config of the task `recommend`, parsed. */
export function parseData(data: object): RecommendDataConfig {
  return parseConfig(data, 1).data;
}

function parseConfig(data: object, seed: number) {
  const config = parseProjectConfig({ name: "test", seed, data }, "the test");
  if (config.task !== "recommend") throw new Error("not a config of recommend");
  return config;
}

export interface TestProject extends Disposable {
  readonly dir: string;
  /** Every file and folder in the project, relative and sorted. */
  list(): string[];
  prepare(data: object, options?: Partial<PrepareOptions> & { seed?: number }): Promise<PreparedDataset>;
}

/** @param files - content by relative path. To be used with `using`. */
export function createProject(files: Readonly<Record<string, string | Uint8Array>>): TestProject {
  const dir = mkdtempSync(join(tmpdir(), "attune-data-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return {
    dir,
    list: () => readdirSync(dir, { recursive: true }).map(String).sort(),
    prepare: (data, { seed = 1, ...options } = {}) =>
      prepareDataset({
        config: parseConfig(data, seed),
        projectDir: dir,
        memoryLimitBytes: 5e8,
        ...options,
      }),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A CSV text; fields are quoted where they must be. Absent cells are empty. */
export function formatCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
) {
  const field = (value: string | number | undefined) => {
    const text = value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[header, ...rows].map((row) => row.map(field).join(",")).join("\n")}\n`;
}

/**
 * Four users and four items, each pair rated once at its own time: nothing is dropped by any rule.
 * User `n` rates item `m` at `time = 100 n + 10 m` seconds.
 */
export const gridRows = ["ann", "bob", "cid", "dora"].flatMap((user, n) =>
  ["w", "x", "y", "z"].map((item, m) => ({ user, item, rating: 1 + ((n + m) % 5), time: 100 * n + 10 * m })),
);

export const gridCsv = formatCsv(
  ["user", "item", "rating", "time"],
  gridRows.map((row) => [row.user, row.item, row.rating, row.time]),
);

/** A config that fits `gridCsv` and drops nothing. */
export const gridConfig = {
  events: { path: "events.csv", columns: { user: "user", item: "item", rating: "rating", time: "time" } },
  rules: { minUserEvents: 1, minItemEvents: 1 },
  split: { kind: "leave-last-out" },
} as const;
