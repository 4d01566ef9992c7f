/** `pnpm bench swap`: a hundred releases in a hundred seconds under load, one of them damaged, and a SIGTERM at the end. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { parseArtifactManifest } from "@attune/contracts/manifest";
import { findArtifact } from "../artifact.ts";
import { type Bench, BenchError } from "../bench.ts";
import { buildServer } from "../build-server.ts";
import { type Connection, encodePost, openConnection } from "../connection.ts";
import { describeMachine, describeVersions, readLoadAverage } from "../machine.ts";
import { readRequestMix } from "../request-mix.ts";
import { median } from "../statistics.ts";
import { lightBodies } from "../storm/bodies.ts";
import { type StormServer, startStormServer } from "../storm/processes.ts";
import { createRepository, type Repository } from "./repository.ts";

const options = {
  artifact: { type: "string" },
  swaps: { type: "string", default: "100" },
  connections: { type: "string", default: "8" },
} as const;

export const swapBench: Bench = {
  name: "swap",
  summary: "a hundred versions in a hundred seconds under load, one of them damaged; then SIGTERM",
  flags: [
    "--artifact DIR    default: the newest of examples/movielens",
    "--swaps N         one a second (100)",
    "--connections N   that ask all the time (8)",
  ],
  async run(argv, say) {
    const { artifact, swaps, connections } = parseFlags(argv);
    const loadAverageBefore = readLoadAverage();
    await buildServer();
    const artifactDir = findArtifact(artifact);
    const path = join(artifactDir, "manifest.json");
    const manifest = parseArtifactManifest(JSON.parse(await readFile(path, "utf8")), path);
    if (manifest.task !== "recommend") throw new BenchError(`${path} is of the task ${manifest.task}`);
    const mix = await readRequestMix(artifactDir, manifest.limits);
    const damaged = Math.ceil(swaps / 2) + 1;
    const repository = await createRepository(artifactDir, swaps + 1, damaged);
    try {
      await repository.release(1);
      const server = await startStormServer(["--models", repository.dir, "--drain-delay-ms", "500"]);
      const load = startLoad(server.port, lightBodies(mix), connections);
      const swapped = await releaseAll({ repository, server, load, swaps, damaged }, say);
      const memory = swapped.memoryMb;
      server.signal("SIGTERM");
      await load.stopped;
      await server.stop();
      const failed = Object.entries(load.statuses).filter(([status]) => status !== "200");
      const goals = [
        {
          goal: "zero answers that are not 2xx, SIGTERM included",
          measured: JSON.stringify(load.statuses),
          met: failed.length === 0,
        },
        {
          goal: "only the old or the new version answers",
          measured: `${swapped.wrongVersions} of ${load.answers()} answers from another`,
          met: swapped.wrongVersions === 0,
        },
        {
          goal: "the damaged version changes nothing",
          measured: swapped.damagedServed ? "it answered" : "the one before it went on",
          met: !swapped.damagedServed,
        },
        {
          goal: "memory is flat: the last ten at most 32 MB over the first ten",
          measured: `${swapped.firstMb} MB → ${swapped.lastMb} MB`,
          met: swapped.lastMb - swapped.firstMb <= 32,
        },
      ];
      for (const { goal, measured, met } of goals) say(`${met ? "met   " : "MISSED"} ${goal}: ${measured}`);
      return {
        bench: "swap",
        swaps,
        connections,
        answers: load.answers(),
        swapMs: { median: median(swapped.swapMs), max: Math.max(...swapped.swapMs) },
        memoryMb: memory,
        artifact: { name: manifest.name, items: manifest.catalogue.items },
        machine: describeMachine(),
        loadAverageBefore,
        versions: describeVersions(["onnxruntime-node", "@attune/server"]),
        goals,
        goalsMet: goals.every(({ met }) => met),
      };
    } finally {
      await rm(repository.dir, { recursive: true, force: true });
    }
  },
};

function parseFlags(argv: readonly string[]) {
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const [swaps, connections] = [Number(values.swaps), Number(values.connections)];
    if (!(swaps >= 4 && connections >= 1))
      throw new BenchError("--swaps must be at least 4, --connections at least 1");
    return { artifact: values.artifact, swaps, connections };
  } catch (cause) {
    throw new BenchError((cause as Error).message);
  }
}

interface SwapLoad {
  readonly statuses: Record<string, number>;
  answers(): number;
  /** Versions that answered since the last call. */
  takeVersions(): ReadonlySet<number>;
  /** Every client was told to close its connection, as a server that goes does. */
  readonly stopped: Promise<unknown>;
}

function startLoad(port: number, bodies: readonly string[], connections: number): SwapLoad {
  const requests = bodies.map((body) => encodePost("/v1/recommend", body));
  const statuses: Record<string, number> = {};
  let versions = new Set<number>();
  let answers = 0;
  let next = 0;
  async function client(connection: Connection): Promise<void> {
    for (;;) {
      const answer = await connection.send(requests[next++ % requests.length]!);
      const status = answer === undefined ? "broken" : String(answer.status);
      statuses[status] = (statuses[status] ?? 0) + 1;
      answers++;
      if (answer === undefined) return;
      if (answer.model !== undefined) versions.add(Number(answer.model.split("/")[1]));
      if (answer.closes) return;
      await wait(2);
    }
  }
  return {
    statuses,
    answers: () => answers,
    takeVersions() {
      const taken = versions;
      versions = new Set();
      return taken;
    },
    stopped: Promise.all(Array.from({ length: connections }, () => client(openConnection(port)))),
  };
}

interface Releases {
  readonly repository: Repository;
  readonly server: StormServer;
  readonly load: SwapLoad;
  readonly swaps: number;
  readonly damaged: number;
}

async function releaseAll(
  { repository, server, load, swaps, damaged }: Releases,
  say: (line: string) => void,
) {
  const memoryMb: number[] = [];
  const swapMs: number[] = [];
  let wrongVersions = 0;
  let damagedServed = false;
  let current = 1;
  await wait(1000);
  for (let version = 2; version <= swaps + 1; version++) {
    const start = performance.now();
    await repository.release(version);
    let isNew = false;
    while (
      performance.now() - start < (version === damaged ? 1500 : 1000) ||
      (!isNew && version !== damaged)
    ) {
      await wait(20);
      for (const seen of load.takeVersions()) {
        if (seen === version && seen === damaged) damagedServed = true;
        if (seen === version && !isNew) {
          isNew = true;
          swapMs.push(Math.round(performance.now() - start));
        }
        if (seen !== version && seen !== current) wrongVersions++;
      }
      if (performance.now() - start > 30_000)
        throw new BenchError(`version ${version} did not answer within 30 s`);
    }
    if (version !== damaged) current = version;
    memoryMb.push(server.residentMb());
    if (version % 10 === 0) say(`version ${version}: ${memoryMb.at(-1)} MB, swap ${swapMs.at(-1)} ms`);
  }
  // The first few let the allocator find its size.
  const settled = memoryMb.slice(Math.min(10, memoryMb.length >> 1));
  return {
    memoryMb,
    swapMs,
    wrongVersions,
    damagedServed,
    firstMb: median(settled.slice(0, 10)),
    lastMb: median(settled.slice(-10)),
  };
}
