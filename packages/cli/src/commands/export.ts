import { loadDataset } from "@attune/data";
import { defineCommand } from "../command.ts";
import { runExport } from "../pipeline/export.ts";
import { runPrepare } from "../pipeline/prepare.ts";
import { runTrain } from "../pipeline/train.ts";
import { describeArtifact } from "../project/artifacts.ts";
import { loadProject } from "../project/load.ts";
import { projectOption, resolveProject } from "../project/resolve.ts";

export const exportCommand = defineCommand({
  name: "export",
  summary: "Write the chosen model as one ONNX file, with its manifest, golden rows, model card and report.",
  options: {
    ...projectOption,
    triton: {
      type: "boolean",
      description: "also write config.pbtxt, for Triton and KServe",
      default: false,
    },
  },
  async run({ values }, io) {
    const project = await loadProject(resolveProject(values.config, io));
    const dataset = await loadDataset((await runPrepare(project, io)).dir);
    const training = await runTrain(project, dataset, io);
    const exported = await runExport(project, dataset, training, io, { triton: values.triton });
    const artifact = describeArtifact(exported, io);
    io.say(`Artifact: ${artifact.path}`);
    io.result({ artifact, cached: exported.cached });
    return 0;
  },
});
