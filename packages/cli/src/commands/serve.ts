import { defineCommand } from "../command.ts";
import type { OptionSpecs } from "../option.ts";
import { runServer } from "../pipeline/serve.ts";
import { artifactOption, resolveArtifact } from "../project/artifacts.ts";
import { checkListen } from "../project/obstacles.ts";
import { projectOption } from "../project/resolve.ts";

/** Options of every command that ends in a server. */
export const serverOptions = {
  host: {
    type: "string",
    placeholder: "HOST",
    description: "address to listen on; 0.0.0.0 for all",
    default: "127.0.0.1",
  },
  port: {
    type: "string",
    placeholder: "N",
    description: "port; 0 for any free one",
    default: "8080",
    range: [0, 65_535],
  },
  "log-level": {
    type: "string",
    placeholder: "LEVEL",
    description: "trace, debug, info, warn, error, fatal or silent",
    default: "warn",
    choices: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
  },
} as const satisfies OptionSpecs;

export const serveCommand = defineCommand({
  name: "serve",
  summary: "Serve a released model over HTTP, with the demo page.",
  options: { ...artifactOption, ...projectOption, ...serverOptions },
  examples: [
    "attune serve --port 8080",
    "attune serve --artifact .attune/artifacts/my-shop/3 --host 0.0.0.0 --log-level info",
  ],
  obstacles: (values) => checkListen(values.host, values.port),
  async run({ values }, io) {
    const artifactDir = await resolveArtifact(values, io);
    const { host, port, "log-level": logLevel } = values;
    await runServer({ artifactDir, host, port, logLevel }, io);
    return 0;
  },
});
