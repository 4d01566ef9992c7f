/** Finds and loads a project's config: TypeScript, JavaScript or JSON. */
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { AttuneError, type TaskName } from "@attune/contracts";
import { type ProjectConfig, parseProjectConfig } from "@attune/contracts/config";

export interface Project<T extends TaskName = TaskName> {
  /** Folder of the config: data paths start here, `.attune/` lies here. */
  readonly dir: string;
  readonly config: ProjectConfig<T>;
}

export const configNames = [
  "attune.config.ts",
  "attune.config.mjs",
  "attune.config.js",
  "attune.config.json",
] as const;

/** The config file in a folder, or undefined. */
export function findConfig(dir: string): string | undefined {
  return configNames.map((name) => path.join(dir, name)).find((file) => existsSync(file));
}

/**
 * @param file - the config, or a folder that holds one.
 * @throws {AttuneError} `CONFIG_NOT_FOUND`, `CONFIG_LOAD` when it cannot be read or run, `CONFIG_INVALID` with every problem.
 */
export async function loadProject(file: string): Promise<Project> {
  const found = (await isFolder(file)) ? (findConfig(file) ?? path.join(file, configNames[0])) : file;
  if (!existsSync(found)) throw new AttuneError("CONFIG_NOT_FOUND", { path: found });
  const input = await readConfig(found);
  return { dir: path.dirname(found), config: parseProjectConfig(input, path.basename(found)) };
}

async function isFolder(file: string): Promise<boolean> {
  return existsSync(file) && (await stat(file)).isDirectory();
}

async function readConfig(file: string): Promise<unknown> {
  try {
    if (file.endsWith(".json")) {
      const text = await readFile(file, "utf8");
      return JSON.parse(text.replace(/^\ufeff/, ""));
    }
    const loaded: { default?: unknown } = await import(pathToFileURL(file).href);
    if (loaded.default === undefined)
      throw new Error("it has no default export; write `export default { … }`");
    return loaded.default;
  } catch (cause) {
    throw new AttuneError("CONFIG_LOAD", { path: file, reason: describeCause(cause) }, { cause });
  }
}

function describeCause(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return /Unknown file extension "\.ts"/.test(message)
    ? "a config in TypeScript needs Node 22.18 or newer; write it as .mjs or .json"
    : message;
}
