import { defineCommand } from "../command.ts";
import { loadProject } from "../project/load.ts";
import { checkProjectFolder, projectOption, resolveProject } from "../project/resolve.ts";

export const evaluateCommand = defineCommand({
  name: "evaluate",
  summary:
    "Rank the test users with the measured model as a file: metrics with intervals, and by slice. (The release has learned from the test too.)",
  options: { ...projectOption },
  examples: ["attune evaluate", "attune evaluate --json > evaluation.json"],
  obstacles: (values, io) => checkProjectFolder(values.config, io),
  async run({ values }, io) {
    const [{ openData }, { runTrain }, { runEvaluate }, { evaluationTable }] = await Promise.all([
      import("../pipeline/open-data.ts"),
      import("../pipeline/train.ts"),
      import("../pipeline/evaluate.ts"),
      import("../terminal/evaluation.ts"),
    ]);
    const opened = await openData(await loadProject(resolveProject(values.config, io)), io);
    const { project, dataset, family } = opened;
    const training = await runTrain(project, dataset, family, io);
    const result = await runEvaluate(project, dataset, training, io);
    io.print(evaluationTable(result));
    const { chosen, measured } = training.manifest;
    io.result({ model: chosen, measured, ...result });
    return 0;
  },
});
