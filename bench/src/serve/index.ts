/** `pnpm bench serve`: requests per second of the real server beside runs per second of the bare engine. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type ArtifactManifest, parseArtifactManifest } from "@attune/contracts/manifest";
import autocannon from "autocannon";
import { findArtifact } from "../artifact.ts";
import { type Bench, BenchError, type BenchResult } from "../bench.ts";
import { describeMachine, describeVersions, readLoadAverage } from "../machine.ts";
import { median, significant } from "../statistics.ts";
import { type BareLoop, type RunningServer, startBareLoop, startServer } from "./children.ts";
import { type MixedRequest, readRequestMix } from "./request-mix.ts";

const options = {
  artifact: { type: "string" },
  seconds: { type: "string", default: "4" },
  pairs: { type: "string", default: "7" },
  connections: { type: "string", default: "32" },
} as const;

interface Pair {
  readonly rps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bareRunsPerSecond: number;
  readonly ratio: number;
}

interface Load {
  readonly requests: readonly MixedRequest[];
  readonly connections: number;
  readonly seconds: number;
}

export const serveBench: Bench = {
  name: "serve",
  summary: "POST /v1/recommend under load against a bare session.run loop of the same model",
  flags: [
    "--artifact DIR    default: the newest of examples/movielens",
    "--seconds N       of each measurement (4)",
    "--pairs N         server and bare loop in turns, at least 5 (7)",
    "--connections N   open at once (32)",
  ],
  async run(argv, say) {
    const loadAverageBefore = readLoadAverage();
    if (loadAverageBefore > 0.5) {
      say(`load average ${loadAverageBefore}: this machine is busy, do not believe the figures`);
    }
    const { artifact, seconds, pairs, connections } = parseFlags(argv);
    const artifactDir = findArtifact(artifact);
    const manifest = await readManifest(artifactDir);
    const requests = await readRequestMix(artifactDir, manifest.limits);
    const load: Load = { requests, connections, seconds };
    const server = await startServer(artifactDir);
    const bare = await startBareLoop({ modelPath: join(artifactDir, "model.onnx"), requests });
    try {
      say(
        `${manifest.name} version ${manifest.version}, ${requests.length} histories, ${connections} connections`,
      );
      await cannonade(server, { ...load, seconds: 3 });
      const measured: Pair[] = [];
      say("pair   server req/s    p50 ms    p99 ms    bare runs/s    ratio");
      for (let index = 0; index < pairs; index++) {
        const pair = await measurePair(server, bare, load, index % 2 === 0);
        measured.push(pair);
        say(row(String(index + 1), pair));
      }
      return { ...summarize(measured, manifest, load), loadAverageBefore };
    } finally {
      bare.stop();
      await server.stop();
    }
  },
};

function parseFlags(argv: readonly string[]) {
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const [seconds, pairs, connections] = [values.seconds, values.pairs, values.connections].map(Number) as [
      number,
      number,
      number,
    ];
    if (!(seconds >= 1 && pairs >= 5 && connections >= 1)) {
      throw new BenchError("--seconds and --connections must be at least 1, --pairs at least 5");
    }
    return { artifact: values.artifact, seconds, pairs, connections };
  } catch (cause) {
    throw new BenchError((cause as Error).message);
  }
}

async function readManifest(artifactDir: string): Promise<ArtifactManifest<"recommend">> {
  const path = join(artifactDir, "manifest.json");
  const manifest = parseArtifactManifest(JSON.parse(await readFile(path, "utf8")), path);
  if (manifest.task === "recommend") return manifest;
  throw new BenchError(`${path} is of the task ${manifest.task}; this bench serves recommend`);
}

/** One after the other, never at once; who goes first alternates, so that drift of the machine cancels out. */
async function measurePair(
  server: RunningServer,
  bare: BareLoop,
  load: Load,
  isServerFirst: boolean,
): Promise<Pair> {
  const before = isServerFirst ? undefined : await bare.measure(load.seconds);
  const { rps, p50Ms, p99Ms } = await cannonade(server, load);
  const bareRunsPerSecond = before ?? (await bare.measure(load.seconds));
  return { rps, p50Ms, p99Ms, bareRunsPerSecond, ratio: rps / bareRunsPerSecond };
}

async function cannonade(server: RunningServer, { requests, connections, seconds }: Load) {
  const result = await autocannon({
    url: server.url,
    connections,
    duration: seconds,
    requests: requests.map((request) => ({
      method: "POST" as const,
      path: "/v1/recommend",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    })),
  });
  if (result.errors + result.timeouts + result.non2xx > 0) {
    throw new BenchError(
      `the server failed under load: ${result.errors} errors, ${result.timeouts} timeouts, ${result.non2xx} answers that are not 2xx`,
    );
  }
  return {
    rps: result["2xx"] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}

function summarize(pairs: readonly Pair[], manifest: ArtifactManifest<"recommend">, load: Load): BenchResult {
  const middle = (pick: (pair: Pair) => number) => median(pairs.map(pick));
  const rps = middle((pair) => pair.rps);
  const bareRunsPerSecond = middle((pair) => pair.bareRunsPerSecond);
  return {
    bench: "serve",
    ratio: significant(rps / bareRunsPerSecond),
    rps: significant(rps),
    p50Ms: middle((pair) => pair.p50Ms),
    p99Ms: middle((pair) => pair.p99Ms),
    bareRunsPerSecond: significant(bareRunsPerSecond),
    pairs: pairs.map(({ rps, p50Ms, p99Ms, bareRunsPerSecond, ratio }) => ({
      rps: significant(rps),
      p50Ms,
      p99Ms,
      bareRunsPerSecond: significant(bareRunsPerSecond),
      ratio: significant(ratio),
    })),
    artifact: {
      name: manifest.name,
      version: manifest.version,
      kind: manifest.model.kind,
      items: manifest.catalogue.items,
    },
    load: { histories: load.requests.length, connections: load.connections, seconds: load.seconds },
    machine: describeMachine(),
    versions: describeVersions(["onnxruntime-node", "autocannon", "@attune/server"]),
  };
}

function row(name: string, { rps, p50Ms, p99Ms, bareRunsPerSecond, ratio }: Pair): string {
  const cells = [name.padEnd(4), rps.toFixed(0).padStart(14), p50Ms.toFixed(1).padStart(9)];
  cells.push(
    p99Ms.toFixed(1).padStart(9),
    bareRunsPerSecond.toFixed(0).padStart(14),
    ratio.toFixed(3).padStart(8),
  );
  return cells.join(" ");
}
