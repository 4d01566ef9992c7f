/** A folder in which `attune init` is run, and what it is to be held to. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type ProjectConfig, parseProjectConfig } from "@attune/contracts/config";
import { seeded } from "@attune/testkit";
import { expect } from "vitest";
import { createFolder, type Folder, type Outcome } from "./terminal.ts";

interface InitJson {
  readonly config: string;
  readonly columns: Record<string, string>;
  readonly guessed: boolean;
  readonly badRows: {
    readonly policy: string;
    readonly count: number;
    readonly rows: number;
    readonly missingIds: number;
    readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  };
  readonly guesses: readonly { readonly setting: string; readonly value: unknown; readonly text: string }[];
}

export interface InitFolder extends Folder {
  readonly configFile: string;
  /** Runs `init`, which must succeed. */
  init(...argv: string[]): Promise<Outcome & { readonly json: InitJson }>;
  /** Runs `init` where it must fail. @returns the error; nothing was written. */
  refuse(...argv: string[]): Promise<{ code: string; message: string }>;
  readConfig(): ProjectConfig<"recommend">;
  /** Runs `prepare` on what `init` wrote. */
  expectPrepared(dataset: object): Promise<void>;
}

export function createInitFolder(): InitFolder {
  const folder = createFolder();
  const configFile = path.join(folder.dir, "attune.config.json");
  return {
    ...folder,
    configFile,
    async init(...argv) {
      const outcome = await folder.attune("init", ...argv);
      expect(outcome.code, outcome.text).toBe(0);
      return outcome as Outcome & { readonly json: InitJson };
    },
    async refuse(...argv) {
      const before = readdirSync(folder.dir);
      const { code, json, text } = await folder.attune("init", ...argv);
      expect(code, text).toBe(1);
      expect(readdirSync(folder.dir)).toEqual(before);
      return (json as { error: { code: string; message: string } }).error;
    },
    readConfig() {
      const config = parseProjectConfig(JSON.parse(readFileSync(configFile, "utf8")), "attune.config.json");
      if (config.task !== "recommend") throw new Error("not a config of recommend");
      return config;
    },
    async expectPrepared(dataset) {
      const { code, json, text } = await folder.attune("prepare");
      expect(code, text).toBe(0);
      expect(json).toMatchObject({ dataset });
    },
  };
}

/** Rows of a shop's export: 40 people on 30 things. */
export function shopRows(count: number, row: (n: number, user: string, item: string) => string): string {
  const random = seeded(5);
  const rows = Array.from({ length: count }, (_, n) =>
    row(n, `u${random.integer(40)}`, `p${random.integer(30)}`),
  );
  return `${rows.join("\n")}\n`;
}

/** An hour further for each row. */
export const timeOf = (n: number) => new Date(1.7e12 + n * 3.6e6).toISOString();
