import { loadDataset } from "@attune/data";
import { openArtifact } from "@attune/runtime-node";
import { defineCommand } from "../command.ts";
import { runEvaluate } from "../pipeline/evaluate.ts";
import { runPrepare } from "../pipeline/prepare.ts";
import { artifactOption, resolveArtifact } from "../project/artifacts.ts";
import { loadProject } from "../project/load.ts";
import { projectOption, resolveProject } from "../project/resolve.ts";
import { evaluationTable } from "../terminal/evaluation.ts";

export const evaluateCommand = defineCommand({
  name: "evaluate",
  summary: "Rank the test users with the released file itself: metrics with intervals, and by slice.",
  options: { ...artifactOption, ...projectOption },
  async run({ values }, io) {
    const project = await loadProject(resolveProject(values.config, io));
    const dir = await resolveArtifact(values, io);
    const dataset = await loadDataset((await runPrepare(project, io)).dir);
    const { personalizer, manifest } = await openArtifact(dir);
    try {
      const result = await runEvaluate(personalizer, dataset, project.config, io);
      io.print(evaluationTable(result));
      io.result({ artifact: dir, model: manifest.model.kind, ...result });
      return 0;
    } finally {
      await personalizer.close();
    }
  },
});
