/** The prepare step with its progress. */
import { type PreparedDataset, prepareDataset } from "@attune/data";
import type { Io } from "../io.ts";
import type { Project } from "../project/load.ts";
import { withProgress } from "../terminal/progress.ts";

const steps = ["scan", "read", "split", "clean", "write"] as const;

export function runPrepare(project: Project, io: Io): Promise<PreparedDataset> {
  return withProgress(io, "prepare", async (update) => {
    const prepared = await prepareDataset({
      config: project.config,
      projectDir: project.dir,
      onEvent(event) {
        if (event.type === "step") update(steps.indexOf(event.name), steps.length, event.name);
        if (event.type === "note") io.say(event.text);
      },
    });
    const { events, users, items } = prepared.manifest.released;
    const summary = `${count(events)} events of ${count(users)} users on ${count(items)} items pass the rules`;
    return { value: prepared, summary: prepared.cached ? `${summary}, cached` : summary };
  });
}

function count(value: number): string {
  return value.toLocaleString("en");
}
