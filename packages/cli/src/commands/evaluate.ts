import path from "node:path";
import { AttuneError } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { loadDataset } from "@attune/data";
import { openArtifact } from "@attune/runtime-node";
import { defineCommand } from "../command.ts";
import { runEvaluate } from "../pipeline/evaluate.ts";
import { runPrepare } from "../pipeline/prepare.ts";
import { artifactOption, newestArtifact } from "../project/artifacts.ts";
import { loadProject } from "../project/load.ts";
import { projectOption, resolveProject } from "../project/resolve.ts";
import { evaluationTable } from "../terminal/evaluation.ts";

export const evaluateCommand = defineCommand({
  name: "evaluate",
  summary: "Rank the test users with the released file itself: metrics with intervals, and by slice.",
  options: { ...artifactOption, ...projectOption },
  async run({ values }, io) {
    const project = await loadProject(resolveProject(values.config, io));
    const dir =
      values.artifact === undefined ? newestArtifact(project) : path.resolve(io.cwd, values.artifact);
    const dataset = await loadDataset((await runPrepare(project, io)).dir);
    const { personalizer, manifest } = await openArtifact(dir);
    try {
      checkDataset(manifest, dataset.manifest.key, path.relative(io.cwd, dir));
      const result = await runEvaluate(personalizer, dataset, project.config, io);
      io.print(evaluationTable(result));
      io.result({ artifact: dir, model: manifest.model.kind, ...result });
      return 0;
    } finally {
      await personalizer.close();
    }
  },
});

/** On another dataset the model may have been fitted on what it would be asked for, and ids may mean other items. */
function checkDataset({ data }: ArtifactManifest, key: string, artifact: string): void {
  if (data.key === key) return;
  const problem = `${artifact} was made from dataset ${data.key}, the config now gives ${key}: its figures would not be held out; run \`attune export\` first, or pass the config it was made from`;
  throw new AttuneError("CLI_USAGE", { command: "evaluate", problem });
}
