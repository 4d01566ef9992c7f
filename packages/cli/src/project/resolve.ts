/** Which project a command means when no config is named. */
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Io } from "../io.ts";
import { findConfig } from "./load.ts";
import { checkFolder, checkTemporaryFolder, type Obstacle } from "./obstacles.ts";

/** The option of every command that works on a project. */
export const projectOption = {
  config: {
    type: "string",
    placeholder: "FILE",
    description:
      "config file or its folder (default: the one here, else, in the repository, the MovieLens example)",
  },
} as const;

/** The example that comes with the repository; absent in an installed package. */
const example = fileURLToPath(new URL("../../../../examples/movielens", import.meta.url));

/** `--config`, else the config in the current folder, else the repository's MovieLens example. */
export function resolveProject(config: string | undefined, io: Io): string {
  const found = findProject(config, io);
  if (found === example && config === undefined)
    io.say(`No config in ${io.cwd}: taking the MovieLens example.`);
  return found;
}

/** Why the project's folder, or the one for temporary files, cannot take what a command writes; empty when both can. */
export async function checkProjectFolder(config: string | undefined, io: Io): Promise<Obstacle[]> {
  const found = findProject(config, io);
  const isFolder = statSync(found, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const dir = isFolder ? found : path.dirname(found);
  const store = path.join(dir, ".attune");
  return [...(await checkFolder(existsSync(store) ? store : dir)), ...(await checkTemporaryFolder())];
}

function findProject(config: string | undefined, io: Io): string {
  if (config !== undefined) return path.resolve(io.cwd, config);
  const here = findConfig(io.cwd);
  if (here !== undefined) return here;
  return existsSync(example) ? example : io.cwd;
}
