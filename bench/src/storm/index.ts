/** `pnpm bench storm`: three times what the server can carry, with the bodies that once killed it, and what it does then. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { parseArtifactManifest } from "@attune/contracts/manifest";
import { findArtifact } from "../artifact.ts";
import { type Bench, BenchError } from "../bench.ts";
import { buildServer } from "../build-server.ts";
import { describeMachine, describeVersions, readLoadAverage } from "../machine.ts";
import { type MixedRequest, readRequestMix } from "../request-mix.ts";
import { isPinned } from "../serve/processes/pinning.ts";
import { significant } from "../statistics.ts";
import { describeLight, heavyBodies, lightBodies } from "./bodies.ts";
import { type Load, startLoad, startStormServer } from "./processes.ts";
import type { LoadReport } from "./protocol.ts";

const options = {
  artifact: { type: "string" },
  seconds: { type: "string", default: "60" },
  "max-queue-ms": { type: "string", default: "5" },
  "allow-busy": { type: "boolean", default: false },
} as const;

const overload = 3;

/** The server's heap in the second part: 300 connections of a megabyte each. */
const smallHeapMb = 512;

export const stormBench: Bench = {
  name: "storm",
  summary:
    "the server at three times its capacity, with heavy bodies mixed in; then recovery and a small heap",
  flags: [
    "--artifact DIR       default: the newest of examples/movielens",
    "--seconds N          of the storm (60)",
    "--max-queue-ms N     the server's bound on waiting (5)",
    "--allow-busy         measure although others are at work; the result is not kept",
  ],
  async run(argv, say) {
    const flags = parseFlags(argv);
    const loadAverageBefore = readLoadAverage();
    if (loadAverageBefore > 0.5 && !flags.allowBusy) {
      throw new BenchError(
        `load average ${loadAverageBefore}: this machine is busy; wait until it is quiet, or pass --allow-busy to see figures that nobody should believe`,
      );
    }
    await buildServer();
    const artifactDir = findArtifact(flags.artifact);
    const path = join(artifactDir, "manifest.json");
    const manifest = parseArtifactManifest(JSON.parse(await readFile(path, "utf8")), path);
    if (manifest.task !== "recommend") throw new BenchError(`${path} is of the task ${manifest.task}`);
    const mix = await readRequestMix(artifactDir, manifest.limits);
    const serverFlags = ["--artifact", artifactDir, "--max-queue-ms", String(flags.maxQueueMs)];

    const storm = await measureStorm(
      { serverFlags, mix, limits: manifest.limits, seconds: flags.seconds },
      say,
    );
    const smallHeap = await measureSmallHeap(
      { serverFlags: ["--artifact", artifactDir], mix, limits: manifest.limits },
      say,
    );
    const goals = listGoals(storm, smallHeap);
    for (const { goal, measured, met } of goals) say(`${met ? "met   " : "MISSED"} ${goal}: ${measured}`);
    return {
      bench: "storm",
      ...storm,
      smallHeap,
      light: describeLight(mix),
      artifact: {
        name: manifest.name,
        version: manifest.version,
        kind: manifest.model.kind,
        items: manifest.catalogue.items,
      },
      server: { maxQueueMs: flags.maxQueueMs },
      machine: describeMachine(),
      isPinned,
      isBusy: flags.allowBusy,
      loadAverageBefore,
      versions: describeVersions(["onnxruntime-node", "@attune/server"]),
      goals,
      goalsMet: goals.every(({ met }) => met),
    };
  },
};

function parseFlags(argv: readonly string[]) {
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const [seconds, maxQueueMs] = [Number(values.seconds), Number(values["max-queue-ms"])];
    if (!(seconds >= 2 && maxQueueMs >= 1))
      throw new BenchError("--seconds must be at least 2, --max-queue-ms at least 1");
    return { artifact: values.artifact, seconds, maxQueueMs, allowBusy: values["allow-busy"] };
  } catch (cause) {
    throw new BenchError((cause as Error).message);
  }
}

interface StormInput {
  readonly serverFlags: readonly string[];
  readonly mix: readonly MixedRequest[];
  readonly limits: { readonly maxK: number; readonly maxHistory: number };
}

async function prepare({ serverFlags, mix, limits }: StormInput, heap: { heapMb?: number } = {}) {
  const server = await startStormServer(serverFlags, heap);
  const light = lightBodies(mix);
  const expected = await askAll(server.port, light);
  const heavy = heavyBodies(mix, limits);
  return {
    server,
    light,
    expected,
    heavy,
    load: await startLoad({ port: server.port, light, expected, heavy }),
  };
}

/** The right answers: each request alone, on a server that does nothing else. */
async function askAll(port: number, bodies: readonly string[]): Promise<readonly (readonly string[])[]> {
  const answers: (readonly string[])[] = [];
  for (const body of bodies) {
    const response = await fetch(`http://127.0.0.1:${port}/v1/recommend`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const { ids } = (await response.json()) as { ids: readonly string[] };
    answers.push(ids);
  }
  return answers;
}

async function measureStorm(input: StormInput & { readonly seconds: number }, say: (line: string) => void) {
  const { server, load, heavy } = await prepare(input);
  try {
    const idleMb = server.residentMb();
    await load.run({ kind: "closed", connections: 32, seconds: 3 });
    const full = await load.run({ kind: "closed", connections: 16, seconds: 5 });
    const capacity = (full.statuses["200"] ?? 0) / full.seconds;
    say(
      `capacity ${capacity.toFixed(0)} light requests/s, p99 ${full.p99Ms.toFixed(1)} ms on 16 connections`,
    );
    const calm = await load.run({ kind: "open", ratePerSecond: capacity / 10, seconds: 10, heavy: false });
    say(`unloaded (a tenth of it): p50 ${calm.p50Ms.toFixed(2)} ms, p99 ${calm.p99Ms.toFixed(2)} ms`);
    const before = server.residentMb();
    server.takePeakMb();
    const ratePerSecond = capacity * overload;
    say(
      `storm: ${ratePerSecond.toFixed(0)} light requests/s and ${heavy.map(({ name, connections }) => `${connections} × ${name}`).join(", ")}`,
    );
    const storm = await load.run({ kind: "open", ratePerSecond, seconds: input.seconds, heavy: true });
    const peakMb = server.takePeakMb();
    describe(storm, say);
    const recoveryMs = await measureRecovery(load, capacity / 10, calm.p99Ms);
    say(
      `recovered after ${recoveryMs} ms; memory ${idleMb} MB idle, ${before} MB before, ${peakMb} MB at most`,
    );
    return {
      capacityPerSecond: significant(capacity),
      overload,
      unloaded: brief(calm),
      storm: brief(storm),
      p99Ratio: significant(storm.p99Ms / calm.p99Ms, 3),
      acceptedPerSecond: significant((storm.statuses["200"] ?? 0) / storm.seconds),
      recoveryMs,
      memory: { idleMb, beforeMb: before, peakMb, afterMb: server.residentMb() },
      ended: server.ended ?? null,
    };
  } finally {
    load.stop();
    await server.stop();
  }
}

/** Milliseconds until half a second of calm load is answered as before the storm: nothing refused, p99 within its double. */
async function measureRecovery(load: Load, ratePerSecond: number, calmP99Ms: number): Promise<number> {
  const start = performance.now();
  for (;;) {
    const begun = performance.now();
    const { statuses, p99Ms } = await load.run({ kind: "open", ratePerSecond, seconds: 0.5, heavy: false });
    const isCalm = Object.keys(statuses).every((status) => status === "200") && p99Ms <= 2 * calmP99Ms;
    if (isCalm || begun - start > 30_000) return Math.round(begun - start);
  }
}

/** 300 connections, a megabyte each, on a small heap. */
async function measureSmallHeap(input: StormInput, say: (line: string) => void) {
  const { server, light, expected, heavy, load } = await prepare(input, { heapMb: smallHeapMb });
  load.stop();
  const [, , large] = heavy;
  const flood = await startLoad({
    port: server.port,
    light,
    expected,
    heavy: [{ ...large!, connections: 300 }],
  });
  try {
    const report = await flood.run({ kind: "open", ratePerSecond: 20, seconds: 20, heavy: true });
    const peakMb = server.takePeakMb();
    await wait(1000);
    const alive = server.ended === undefined;
    say(
      `300 connections of a megabyte, heap ${smallHeapMb} MB: ${alive ? "up" : "DOWN"}, ${peakMb} MB at most, ${JSON.stringify(report.heavy)}`,
    );
    return {
      heapMb: smallHeapMb,
      connections: 300,
      bodyBytes: large!.body.length,
      isUp: alive,
      peakMb,
      ...brief(report),
      ended: server.ended ?? null,
    };
  } finally {
    flood.stop();
    await server.stop();
  }
}

function describe(report: LoadReport, say: (line: string) => void): void {
  say(
    `  light   ${JSON.stringify(report.statuses)}, p50 ${report.p50Ms.toFixed(1)} ms, p99 ${report.p99Ms.toFixed(1)} ms, wrong ${report.wrong}`,
  );
  for (const [name, statuses] of Object.entries(report.heavy)) say(`  ${name}: ${JSON.stringify(statuses)}`);
  say(
    `  healthz p99 ${report.healthP99Ms.toFixed(1)} ms, at most ${report.healthMaxMs.toFixed(1)} ms; generator late by ${report.generatorLagP99Ms.toFixed(1)} ms (p99), ${report.late} without a free connection`,
  );
}

function brief(report: LoadReport) {
  const round = (ms: number) => significant(ms, 3);
  const { p50Ms, p99Ms, refusedP99Ms, healthMaxMs, healthP99Ms, generatorLagP99Ms, ...counts } = report;
  return {
    ...counts,
    p50Ms: round(p50Ms),
    p99Ms: round(p99Ms),
    refusedP99Ms: round(refusedP99Ms),
    healthMaxMs: round(healthMaxMs),
    healthP99Ms: round(healthP99Ms),
    generatorLagP99Ms: round(generatorLagP99Ms),
  };
}

type Storm = Awaited<ReturnType<typeof measureStorm>>;
type SmallHeap = Awaited<ReturnType<typeof measureSmallHeap>>;

function listGoals(storm: Storm, smallHeap: SmallHeap) {
  const goal = (name: string, measured: string, met: boolean) => ({ goal: name, measured, met });
  const others = Object.keys(storm.storm.statuses).filter((status) => status !== "200" && status !== "503");
  const { memory } = storm;
  return [
    goal(
      "accepted light requests' p99 ≤ 5 × their unloaded p99",
      `${storm.storm.p99Ms} ms, ${storm.p99Ratio} ×`,
      storm.p99Ratio <= 5,
    ),
    goal(
      "everything else is 503 with Retry-After",
      `${JSON.stringify(storm.storm.statuses)}, ${storm.storm.withoutRetryAfter} without`,
      others.length === 0 && storm.storm.withoutRetryAfter === 0,
    ),
    goal("zero wrong answers", String(storm.storm.wrong), storm.storm.wrong === 0),
    goal(
      "zero crashes",
      JSON.stringify([storm.ended, smallHeap.ended]),
      storm.ended === null && smallHeap.ended === null,
    ),
    goal(
      "memory is bounded: at most 192 MB over that before the storm",
      `${memory.beforeMb} MB → ${memory.peakMb} MB`,
      memory.peakMb - memory.beforeMb <= 192,
    ),
    goal("recovery within 2 s", `${storm.recoveryMs} ms`, storm.recoveryMs <= 2000),
    goal(
      "/healthz within 50 ms (p99, a generator at 3 × included)",
      `${storm.storm.healthP99Ms} ms, at most ${storm.storm.healthMaxMs} ms`,
      storm.storm.healthP99Ms <= 50,
    ),
    goal(
      "300 connections of 1 MB under a heap of 512 MB: it stays up",
      `${smallHeap.peakMb} MB`,
      smallHeap.isUp,
    ),
  ];
}
