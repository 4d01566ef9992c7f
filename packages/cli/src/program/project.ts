/** Which project a program means. */
import path from "node:path";
import { type ProjectConfigInput, parseProjectConfig } from "@attune/contracts/config";
import { loadProject, type Project } from "../project/load.ts";
import type { QuietOptions } from "./quiet-io.ts";

export interface ProjectOptions extends QuietOptions {
  /** The project's folder: paths of the config start here, and `.attune/` lies here. Default: the current one. */
  readonly projectDir?: string;
  /** What a config file would hold. Default: the config file in the folder. */
  readonly config?: ProjectConfigInput;
}

/** @throws {AttuneError} `CONFIG_NOT_FOUND`, `CONFIG_LOAD`, `CONFIG_INVALID` with every problem. */
export async function openProject({ projectDir = ".", config }: ProjectOptions): Promise<Project> {
  const dir = path.resolve(projectDir);
  if (config === undefined) return loadProject(dir);
  return { dir, config: parseProjectConfig(config, "config") };
}
