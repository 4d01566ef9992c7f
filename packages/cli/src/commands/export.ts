import path from "node:path";
import { AttuneError } from "@attune/contracts";
import { loadDataset } from "@attune/data";
import { defineCommand, parseInteger } from "../command.ts";
import { runExport } from "../pipeline/export.ts";
import { runExportTfjs } from "../pipeline/export-tfjs.ts";
import { runPrepare } from "../pipeline/prepare.ts";
import { runTrain } from "../pipeline/train.ts";
import { describeArtifact } from "../project/artifacts.ts";
import { loadProject } from "../project/load.ts";
import { projectOption, resolveProject } from "../project/resolve.ts";
import { webOption } from "./verify.ts";

export const exportCommand = defineCommand({
  name: "export",
  summary:
    "Write the chosen model as one ONNX file, with its manifest, golden rows, model card and report; or a tfjs model of your own.",
  options: {
    ...projectOption,
    triton: {
      type: "boolean",
      description: "also write config.pbtxt, for Triton and KServe",
      default: false,
    },
    tfjs: {
      type: "string",
      placeholder: "model.json",
      description: "export this tfjs model (LayersModel or GraphModel, quantized or not) instead",
    },
    out: { type: "string", placeholder: "FILE", description: "with --tfjs: the ONNX file to write" },
    opset: { type: "string", placeholder: "N", description: "with --tfjs: 17 to 21; default 21" },
    "no-web": { ...webOption["no-web"], description: "with --tfjs: compare with onnxruntime-node only" },
  },
  async run({ values }, io) {
    if (values.tfjs !== undefined) {
      if (values.out === undefined) throw usage("--tfjs needs --out FILE, the ONNX file to write");
      const opset = values.opset === undefined ? 21 : parseInteger("export", "opset", values.opset, 17, 21);
      const files = {
        modelPath: path.resolve(io.cwd, values.tfjs),
        outPath: path.resolve(io.cwd, values.out),
      };
      io.result(await runExportTfjs({ ...files, opset, web: !values["no-web"] }, io));
      return 0;
    }
    if (values.out !== undefined) throw usage("--out goes with --tfjs; an artifact's place is in the config");
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

function usage(problem: string): AttuneError {
  return new AttuneError("CLI_USAGE", { command: "export", problem });
}
