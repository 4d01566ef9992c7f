import { stat } from "node:fs/promises";
import path from "node:path";
import { defineCommand } from "../command.ts";
import { artifactOption, readArtifactResult, resolveArtifact } from "../project/artifacts.ts";
import { checkFolder, type Obstacle } from "../project/obstacles.ts";
import { checkProjectFolder, projectOption } from "../project/resolve.ts";

/** The option of every command that verifies. */
export const webOption = {
  "no-web": {
    type: "boolean",
    description: "skip the browser: compare with onnxruntime-node only",
    default: false,
  },
} as const;

export const verifyCommand = defineCommand({
  name: "verify",
  summary: "Hold Node and a real browser to the trainer's answers, and write the result into the manifest.",
  options: { ...artifactOption, ...projectOption, ...webOption },
  examples: ["attune verify", "attune verify --artifact .attune/artifacts/my-shop/3 --no-web"],
  obstacles: async (values, io) =>
    values.artifact === undefined
      ? checkProjectFolder(values.config, io)
      : checkArtifactFolder(path.resolve(io.cwd, values.artifact)),
  async run({ values }, io) {
    const { runVerify } = await import("../pipeline/verify.ts");
    const dir = await resolveArtifact(values, io);
    const verified = await runVerify(dir, values["no-web"] ? "skip" : "required", io);
    io.result({ ...verified, artifact: await readArtifactResult(dir, io) });
    return 0;
  },
});

/** The result is written into the manifest. What is no folder has an error of its own. */
async function checkArtifactFolder(dir: string): Promise<Obstacle[]> {
  const isFolder = (await stat(dir).catch(() => undefined))?.isDirectory() ?? false;
  return isFolder ? checkFolder(dir) : [];
}
