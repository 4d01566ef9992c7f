/** Ours: the built `attune-server`, as it is published. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describeVersions } from "../../machine.ts";
import { startProcess } from "../processes/start-process.ts";
import type { ServeEngine } from "./engine.ts";
import { httpEngine, inferProtocol, type Protocol, recommendProtocol } from "./http-engine.ts";

const server = createRequire(import.meta.url).resolve("@attune/server/package.json");
const program = fileURLToPath(new URL("./dist/bin.js", `file://${server}`));

export const attune = attuneEngine("attune", "attune-server, POST /v1/recommend", () => recommendProtocol);

export const attuneInfer = attuneEngine(
  "attune-infer",
  "attune-server, POST /v2/models/…/infer in JSON",
  inferProtocol,
);

function attuneEngine(name: string, summary: string, speak: (modelName: string) => Protocol): ServeEngine {
  return {
    name,
    summary,
    forms: [""],
    async start(model, load) {
      const command = [process.execPath, program, "--artifact", model.artifactDir, "--port", "0"] as const;
      const { pid, ready, stop } = await startProcess(command, { stream: "stderr", read: createReader() });
      const versions = describeVersions(["@attune/server", "onnxruntime-node"]);
      return httpEngine({ pid, url: ready, versions, stop }, speak(model.manifest.name), model, load);
    },
  };
}

/** The log has the address in its line "listening", and later the line "ready". */
function createReader() {
  let url: string | undefined;
  return (line: string) => {
    const entry = parseLine(line);
    if (entry.msg === "listening") url = entry.url;
    return entry.msg === "ready" && url !== undefined ? { ready: url } : undefined;
  };
}

function parseLine(line: string): { readonly msg?: string; readonly url?: string } {
  try {
    return JSON.parse(line) as { msg?: string; url?: string };
  } catch {
    return {};
  }
}
