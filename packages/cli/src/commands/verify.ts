import { defineCommand } from "../command.ts";
import { runVerify } from "../pipeline/verify.ts";
import { artifactOption, resolveArtifact } from "../project/artifacts.ts";
import { projectOption } from "../project/resolve.ts";

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
  async run({ values }, io) {
    const dir = await resolveArtifact(values, io);
    io.result({ parity: await runVerify(dir, !values["no-web"], io), artifact: dir });
    return 0;
  },
});
