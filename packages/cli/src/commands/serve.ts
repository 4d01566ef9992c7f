import { printedConfiguration, type ServerOptionName, serverOptions } from "@attune/server/configuration";
import { defineCommand } from "../command.ts";
import { artifactOption, newestArtifact } from "../project/artifacts.ts";
import { loadProject } from "../project/load.ts";
import { projectOption, resolveProject } from "../project/resolve.ts";
import { checkServer, readServerConfiguration, serverSpecs } from "../project/server-configuration.ts";

const names = (Object.keys(serverOptions) as ServerOptionName[]).filter((name) => name !== "artifact");

const options = {
  ...artifactOption,
  ...projectOption,
  "server-config": {
    type: "string",
    placeholder: "FILE",
    description: 'read options of the server from a JSON file, such as { "port": 8080, "maxQueueMs": 50 }',
  },
  "print-config": {
    type: "boolean",
    description: "print every option of the server in force, and where it was given; then end",
    default: false,
  },
} as const;

export const serveCommand = defineCommand({
  name: "serve",
  summary: "Serve a released model over HTTP, with the demo page; or a repository of models.",
  options: { ...options, ...serverSpecs(names) },
  examples: [
    "attune serve --port 8080",
    "attune serve --artifact .attune/artifacts/my-shop/3 --host 0.0.0.0 --keys keys.json --log-level info",
    "attune serve --models .attune/artifacts",
  ],
  obstacles: async (values, io) =>
    values["print-config"] === true ? [] : checkServer("serve", values, io, fileOf(values)),
  async run({ values }, io) {
    const read = await readServerConfiguration(values, io, fileOf(values));
    if (values["print-config"] === true) {
      const printed = printedConfiguration(read);
      io.print(JSON.stringify(printed, undefined, 2));
      io.result(printed);
      return 0;
    }
    const { artifact, models } = read.configuration;
    const isNamed = artifact !== undefined || models !== undefined;
    const config = values.config as string | undefined;
    const newest = isNamed ? undefined : newestArtifact(await loadProject(resolveProject(config, io)));
    const { runServer } = await import("../pipeline/serve.ts");
    await runServer({ read, artifactDir: artifact ?? newest }, io);
    return 0;
  },
});

function fileOf(values: Readonly<Record<string, unknown>>): string | undefined {
  return values["server-config"] as string | undefined;
}
