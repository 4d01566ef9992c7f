import { defineCommand, parseInteger } from "../command.ts";
import { runServer } from "../pipeline/serve.ts";
import { artifactOption, resolveArtifact } from "../project/artifacts.ts";
import { projectOption } from "../project/resolve.ts";

/** Options of every command that ends in a server. */
export const serverOptions = {
  host: {
    type: "string",
    placeholder: "HOST",
    description: "address to listen on; 0.0.0.0 for all",
    default: "127.0.0.1",
  },
  port: { type: "string", placeholder: "N", description: "port; 0 for any free one", default: "8080" },
  "log-level": {
    type: "string",
    placeholder: "LEVEL",
    description: "trace, debug, info, warn, error or silent",
    default: "warn",
  },
} as const;

export const serveCommand = defineCommand({
  name: "serve",
  summary: "Serve a released model over HTTP, with the demo page.",
  options: { ...artifactOption, ...projectOption, ...serverOptions },
  async run({ values }, io) {
    const port = parseInteger("serve", "port", values.port, 0, 65_535);
    const artifactDir = await resolveArtifact(values, io);
    await runServer({ artifactDir, host: values.host, port, logLevel: values["log-level"] }, io);
    return 0;
  },
});
