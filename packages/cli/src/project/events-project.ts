/** The project of `attune quickstart --events FILE`: its config is written as `attune init` would, unless it stands. */
import path from "node:path";
import { AttuneError } from "@attune/contracts";
import type { Io } from "../io.ts";
import { findConfig, loadProject, type Project } from "./load.ts";
import type { Obstacle } from "./obstacles.ts";

export interface EventsInput {
  readonly events: string;
  readonly items?: string | undefined;
}

/** @throws {AttuneError} `CLI_USAGE` when the config here reads another file; what `initProject` and `loadProject` throw. */
export async function openEventsProject({ events, items }: EventsInput, io: Io): Promise<Project> {
  const here = findConfig(io.cwd);
  if (here === undefined) {
    const { initProject } = await import("./init-project.ts");
    const { configPath } = await initProject({ events, items, force: false, ask: true }, io);
    io.say(`Wrote ${path.relative(io.cwd, configPath)}; the next run takes it.`);
    return loadProject(configPath);
  }
  const project = await loadProject(here);
  const read = eventsOf(project);
  if (read !== undefined && path.resolve(project.dir, read) === path.resolve(io.cwd, events)) return project;
  throw new AttuneError("CLI_USAGE", {
    command: "quickstart",
    problem: `--events ${events}: ${path.basename(here)} is here and reads ${read ?? "no events"}; leave --events out, or write it anew with \`attune init --events ${events} --force\``,
  });
}

function eventsOf({ config }: Project): string | undefined {
  return config.task === "recommend" ? config.data.events.path : undefined;
}

/** Options that say two things about where the project is. */
export function checkEventsWords(values: {
  readonly config: string | undefined;
  readonly events: string | undefined;
  readonly items: string | undefined;
}): Obstacle[] {
  const { config, events, items } = values;
  const problems = [
    ...(config !== undefined && events !== undefined
      ? ["--config names a config, --events writes one; leave one of them out"]
      : []),
    ...(items !== undefined && events === undefined ? ["--items has no effect without --events FILE"] : []),
  ];
  return problems.map((issue) => ({
    issue,
    alone: new AttuneError("CLI_USAGE", { command: "quickstart", problem: issue }),
  }));
}
