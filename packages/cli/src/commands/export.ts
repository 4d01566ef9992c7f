import path from "node:path";
import { AttuneError } from "@attune/contracts";
import { defineCommand } from "../command.ts";
import type { OptionSpecs, OptionValues } from "../option.ts";
import { describeArtifact } from "../project/artifacts.ts";
import { loadProject } from "../project/load.ts";
import { checkProjectFolder, projectOption, resolveProject } from "../project/resolve.ts";
import { releaseExitCode, releaseOptions, sayRelease, toRelease } from "./release.ts";
import { webOption } from "./verify.ts";

const options = {
  ...projectOption,
  ...releaseOptions,
  triton: {
    type: "boolean",
    description: "also write config.pbtxt, for Triton and KServe",
    default: false,
  },
  tfjs: {
    type: "string",
    placeholder: "PATH",
    description:
      "export this tfjs model instead: its model.json, or the folder of it; LayersModel or GraphModel, quantized or not",
  },
  out: { type: "string", placeholder: "FILE.onnx", description: "with --tfjs: the file to write" },
  opset: {
    type: "string",
    placeholder: "N",
    description: "with --tfjs: 17 to 21; default 21",
    range: [17, 21],
  },
  "no-web": { ...webOption["no-web"], description: "with --tfjs: compare with onnxruntime-node only" },
} as const satisfies OptionSpecs;

export const exportCommand = defineCommand({
  name: "export",
  summary:
    "Write the chosen model as one ONNX file, with its manifest, golden rows, model card and report; or a tfjs model of your own.",
  options,
  examples: [
    "attune export",
    "attune export --as 7 --triton",
    "attune export --tfjs my-model/model.json --out my-model.onnx",
  ],
  obstacles: async (values, io) => (values.tfjs === undefined ? checkProjectFolder(values.config, io) : []),
  async run({ values }, io) {
    const problems = checkWords(values);
    if (problems.length > 0)
      throw new AttuneError("CLI_USAGE", { command: "export", problem: problems.join("; ") });
    if (values.tfjs !== undefined && values.out !== undefined) {
      const { opset = 21 } = values;
      const files = {
        modelPath: path.resolve(io.cwd, values.tfjs),
        outPath: path.resolve(io.cwd, values.out),
      };
      const { runExportTfjs } = await import("../pipeline/export-tfjs.ts");
      io.result(await runExportTfjs({ ...files, opset, web: !values["no-web"] }, io));
      return 0;
    }
    const [{ openData }, { runTrain }, { runExport }] = await Promise.all([
      import("../pipeline/open-data.ts"),
      import("../pipeline/train.ts"),
      import("../release/run-export.ts"),
    ]);
    const opened = await openData(await loadProject(resolveProject(values.config, io)), io);
    const { project, dataset, family } = opened;
    const training = await runTrain(project, dataset, family, io);
    const release = toRelease(values);
    const exported = await runExport(project, dataset, training, io, { triton: values.triton, ...release });
    sayRelease(exported, io);
    const artifact = describeArtifact(exported, io);
    io.say(`Artifact: ${artifact.path}`);
    io.result({ artifact, cached: exported.cached, release: exported.verdict });
    return releaseExitCode(exported, release);
  },
});

/** Options of the two ways to export do not mix: one that has no effect would be a surprise. */
function checkWords(values: OptionValues<typeof options>): string[] {
  const { tfjs, out, config, triton, as: version } = values;
  if (tfjs === undefined) {
    const lost = (["out", "opset", "no-web"] as const).filter((name) => (values[name] ?? false) !== false);
    return lost.length === 0
      ? []
      : [`--tfjs is missing, which ${lost.map((name) => `--${name}`).join(", ")} needs`];
  }
  return [
    ...(out === undefined ? ["--tfjs needs --out FILE.onnx, the file to write"] : []),
    // Another ending is a slip more often than a wish, and could name a file of the model itself.
    ...(out !== undefined && !/.\.onnx$/.test(out) ? [`--out must end in .onnx, not "${out}"`] : []),
    ...(config !== undefined ? ["--config has no effect with --tfjs; leave it out"] : []),
    ...(version !== undefined ? ["--as has no effect with --tfjs; leave it out"] : []),
    ...(values["allow-worse"] ? ["--allow-worse has no effect with --tfjs; leave it out"] : []),
    ...(triton ? ["--triton has no effect with --tfjs; leave it out"] : []),
  ];
}
