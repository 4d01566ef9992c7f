/** The peers from Python. Nothing in the product needs them. */
import { fileURLToPath } from "node:url";
import { startProcess } from "../processes/start-process.ts";
import type { ServeEngine } from "./engine.ts";
import { httpEngine, inferProtocol, type Protocol, recommendProtocol } from "./http-engine.ts";

const python = process.env.ATTUNE_BENCH_PYTHON ?? "python3";
const install =
  "pip install -r bench/peers/serve/requirements.txt in an environment, then ATTUNE_BENCH_PYTHON=<its python>";

export const fastapi: ServeEngine = {
  name: "fastapi",
  summary: "FastAPI, onnxruntime and orjson under uvicorn (uvloop, httptools, one process)",
  forms: ["inline", "threadpool"],
  install,
  start: (model, load, form) =>
    start("fastapi_peer.py", [model.path, form], recommendProtocol, { model, load }),
};

export const mlserver: ServeEngine = {
  name: "mlserver",
  summary: "MLServer with a runtime on onnxruntime, POST /v2/models/…/infer in JSON, one process",
  forms: [""],
  install,
  start: (model, load) =>
    start("mlserver_peer.py", [model.path], inferProtocol("recommender"), { model, load }),
};

type Started = {
  readonly model: Parameters<ServeEngine["start"]>[0];
  readonly load: Parameters<ServeEngine["start"]>[1];
};

/** -B leaves no bytecode in the work tree. */
async function start(file: string, args: readonly string[], protocol: Protocol, { model, load }: Started) {
  const path = fileURLToPath(new URL(`../../../peers/serve/${file}`, import.meta.url));
  const { pid, ready, stop } = await startProcess([python, "-B", path, ...args], { stream: "stdout", read });
  return httpEngine({ pid, ...ready, stop }, protocol, model, load);
}

interface PythonReady {
  readonly url: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Its own line is JSON; whatever a library prints beside it is not. */
function read(line: string): { readonly ready: PythonReady } | { readonly problem: string } | undefined {
  try {
    const said = JSON.parse(line) as Partial<PythonReady> & { readonly problem?: string };
    if (said.problem !== undefined) return { problem: said.problem };
    if (said.url !== undefined && said.versions !== undefined) {
      return { ready: { url: said.url, versions: said.versions } };
    }
  } catch {
    // Not ours.
  }
  return undefined;
}
