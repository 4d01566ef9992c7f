/** `pnpm bench serve`: the server over HTTP beside the bare engine, FastAPI and MLServer, on the same models and bodies. */

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findArtifact } from "../artifact.ts";
import { type Bench, BenchError, type BenchResult } from "../bench.ts";
import { buildServer } from "../build-server.ts";
import { describeMachine, describeVersions, readLoadAverage } from "../machine.ts";
import { median } from "../statistics.ts";
import type { ServedModel } from "./engines/engine.ts";
import { engines } from "./engines/index.ts";
import { startLoad } from "./load/load.ts";
import { measureModel, type Plan } from "./measure.ts";
import { openModel } from "./models/open-model.ts";
import { makeSmallModel } from "./models/small-model.ts";
import { isPinned } from "./processes/pinning.ts";
import { listGoals, type ModelSummary, summarizeModel } from "./summarize.ts";
import { tableOf } from "./table.ts";

const options = {
  artifact: { type: "string" },
  seconds: { type: "string", default: "3" },
  pairs: { type: "string", default: "5" },
  connections: { type: "string", default: "32" },
  "allow-busy": { type: "boolean", default: false },
} as const;

export const serveBench: Bench = {
  name: "serve",
  summary:
    "POST /v1/recommend beside a bare session.run loop, FastAPI and MLServer, for a large and a small model",
  flags: [
    "--artifact DIR    default: the newest of examples/movielens",
    "--seconds N       of each turn (3)",
    "--pairs N         rounds in which every engine has a turn, at least 5 (5)",
    "--connections N   open at once (32)",
    "--allow-busy      measure although others are at work; the result is not kept",
  ],
  async run(argv, say) {
    const { artifact, plan, connections, allowBusy } = parseFlags(argv);
    const loadAverageBefore = readLoadAverage();
    if (loadAverageBefore > 0.5 && !allowBusy) {
      throw new BenchError(
        `load average ${loadAverageBefore}: this machine is busy; wait until it is quiet, or pass --allow-busy to see figures that nobody should believe`,
      );
    }
    const mainDir = findArtifact(artifact);
    await buildServer();
    const dir = await mkdtemp(join(tmpdir(), "attune-bench-serve-"));
    const load = startLoad(connections);
    try {
      say("making the model of 200 items");
      const models = { main: await openModel(mainDir), small: await openModel(await makeSmallModel(dir)) };
      const summaries: Record<string, ModelSummary> = {};
      const described: Record<string, object> = {};
      const versions: Record<string, string> = describeVersions(["@attune/server"]);
      for (const [name, model] of Object.entries(models)) {
        say(
          `${name}: ${model.manifest.name} version ${model.manifest.version}, ${model.requests.length} requests, ${connections} connections`,
        );
        const measured = await measureModel(model, engines, plan, { load, say });
        Object.assign(versions, measured.versions);
        summaries[name] = summarizeModel(measured);
        described[name] = await describeModel(model);
        for (const line of tableOf(name, summaries[name])) say(line);
      }
      const goals = listGoals(summaries);
      for (const { goal, measured, met } of goals) say(`${met ? "met   " : "MISSED"} ${goal}: ${measured}`);
      return {
        bench: "serve",
        ...headline(summaries.main!),
        models: Object.fromEntries(
          Object.keys(models).map((name) => [name, { ...described[name], ...summaries[name] }]),
        ),
        load: { connections, ...plan },
        machine: describeMachine(),
        isPinned,
        isBusy: allowBusy,
        loadAverageBefore,
        versions,
        goals,
        goalsMet: goals.every(({ met }) => met),
      } satisfies BenchResult;
    } finally {
      load.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

function parseFlags(argv: readonly string[]) {
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const [seconds, rounds, connections] = [values.seconds, values.pairs, values.connections].map(Number) as [
      number,
      number,
      number,
    ];
    if (!(seconds >= 1 && rounds >= 5 && connections >= 1)) {
      throw new BenchError("--seconds and --connections must be at least 1, --pairs at least 5");
    }
    const plan: Plan = { rounds, seconds };
    return { artifact: values.artifact, plan, connections, allowBusy: values["allow-busy"] };
  } catch (cause) {
    throw new BenchError((cause as Error).message);
  }
}

async function describeModel({ manifest, path, requests }: ServedModel) {
  const lengths = requests.map(({ history }) => history.length);
  return {
    name: manifest.name,
    version: manifest.version,
    kind: manifest.model.kind,
    items: manifest.catalogue.items,
    modelBytes: (await stat(path)).size,
    requests: requests.length,
    idsPerHistory: { median: median(lengths), max: Math.max(...lengths) },
  };
}

/** The figures of the larger model, under the names they have always had. */
function headline({ engines: { attune, bare }, ratioToBare, ...rest }: ModelSummary) {
  const { ratioToFastapi, ratioToMlserver, idleMemoryRatioToBare } = rest;
  return {
    ratio: ratioToBare,
    rps: attune?.perSecond ?? null,
    p50Ms: attune?.p50Ms ?? null,
    p99Ms: attune?.p99Ms ?? null,
    bareRunsPerSecond: bare?.perSecond ?? null,
    ratioToBare,
    ratioToFastapi,
    ratioToMlserver,
    idleMemoryRatioToBare,
  };
}
