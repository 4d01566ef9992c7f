/** `pnpm bench train`: milliseconds per training step, ours beside tfjs and the Python peers, doing the same math. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Bench, BenchError, type BenchResult } from "../bench.ts";
import { describeMachine, describeVersions, readLoadAverage } from "../machine.ts";
import type { Engine } from "./engines/engine.ts";
import { engines } from "./engines/index.ts";
import type { EngineMemory } from "./engines/protocol.ts";
import { comparedSteps, measureWorkload, type Plan } from "./measure.ts";
import { summarize, type WorkloadResult } from "./summarize.ts";
import { writeWorkload } from "./tensor-files.ts";
import { workloads } from "./workloads/index.ts";
import type { Workload } from "./workloads/workload.ts";

/** Losses of two engines may differ by so much of their value in any of the compared steps. */
const lossTolerance = 1e-4;

const options = {
  workloads: { type: "string" },
  engines: { type: "string" },
  rounds: { type: "string", default: "7" },
  steps: { type: "string" },
  "memory-steps": { type: "string", default: "2000" },
} as const;

export const trainBench: Bench = {
  name: "train",
  summary: "milliseconds per training step against tfjs, JAX, TensorFlow and PyTorch",
  flags: [
    `--workloads a,b   of ${workloads.map(({ name }) => name).join(", ")}`,
    `--engines a,b     of ${engines.map(({ name }) => name).join(", ")}`,
    "--rounds N        engines in turns, at least 5 (7)",
    "--steps N         of each engine in a round (about a second's worth)",
    "--memory-steps N  over which our memory is watched afterwards; 0 to leave it out (2000)",
  ],
  async run(argv, say) {
    const loadAverageBefore = readLoadAverage();
    if (loadAverageBefore > 0.5) {
      say(`load average ${loadAverageBefore}: this machine is busy, do not believe the figures`);
    }
    const chosen = parseFlags(argv);
    const dir = await mkdtemp(join(tmpdir(), "attune-bench-train-"));
    try {
      const measured: Measurement[] = [];
      for (const workload of chosen.workloads) {
        measured.push(await measure(workload, chosen, join(dir, workload.name), say));
      }
      refuseOtherMath(measured.map(({ result }) => result));
      return {
        bench: "train",
        workloads: measured.map(({ result }) => result),
        rounds: chosen.plan.rounds,
        lossTolerance,
        machine: describeMachine(),
        versions: Object.assign(describeVersions([]), ...measured.map(({ versions }) => versions)),
        loadAverageBefore,
      } satisfies BenchResult;
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

interface Chosen {
  readonly workloads: readonly Workload[];
  readonly engines: readonly Engine[];
  readonly plan: Plan;
}

interface Measurement {
  readonly result: WorkloadResult;
  readonly versions: Readonly<Record<string, string>>;
}

function parseFlags(argv: readonly string[]): Chosen {
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const rounds = Number(values.rounds);
    const steps = values.steps === undefined ? undefined : Number(values.steps);
    const memorySteps = Number(values["memory-steps"]);
    if (!(Number.isInteger(rounds) && rounds >= 5)) throw new BenchError("--rounds must be at least 5");
    if (steps !== undefined && !(Number.isInteger(steps) && steps >= 1 && steps <= 4000)) {
      throw new BenchError("--steps must be between 1 and 4000");
    }
    if (!(Number.isInteger(memorySteps) && memorySteps >= 0)) {
      throw new BenchError("--memory-steps must be a whole number, 0 or more");
    }
    return {
      workloads: choose("workloads", workloads, values.workloads),
      engines: choose("engines", engines, values.engines),
      plan: { rounds, steps, memorySteps },
    };
  } catch (cause) {
    throw new BenchError((cause as Error).message);
  }
}

/** Those named, in the list's order; all of them when none is. */
function choose<T extends { readonly name: string }>(
  flag: string,
  list: readonly T[],
  given: string | undefined,
): readonly T[] {
  if (given === undefined) return list;
  const names = given.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !list.some((candidate) => candidate.name === name));
  if (unknown.length === 0) return list.filter(({ name }) => names.includes(name));
  throw new BenchError(
    `--${flag}: no ${unknown.join(", ")}; there are ${list.map(({ name }) => name).join(", ")}`,
  );
}

async function measure(
  workload: Workload,
  chosen: Chosen,
  dir: string,
  say: (line: string) => void,
): Promise<Measurement> {
  const { name, summary, threads } = workload;
  say(`${name}: ${summary}; ${threads === 1 ? "1 thread" : `${threads} threads`}`);
  await mkdir(dir, { recursive: true });
  await writeWorkload(dir, workload);
  const suited = chosen.engines.filter(({ workloads }) => workloads?.includes(name) ?? true);
  const measured = await measureWorkload(suited, { dir, threads }, chosen.plan, say);
  await rm(dir, { recursive: true, force: true });
  const result = summarize(workload, suited, measured);
  for (const line of rowsOf(result)) say(line);
  return { result, versions: measured.versions };
}

function rowsOf({ msPerStep, spread, largestLossDifference, losses, memory }: WorkloadResult): string[] {
  const rows = Object.entries(msPerStep).map(([engine, ms]) => {
    const [fastest, slowest] = spread[engine]!;
    const cells = [engine.padEnd(16), String(ms).padStart(9), `${fastest}–${slowest}`.padStart(18)];
    return `  ${cells.join(" ")}   ${losses[engine]!.length} losses`;
  });
  const { relative, step, engines } = largestLossDifference ?? {};
  const difference =
    relative === undefined
      ? []
      : [`  losses differ by ${relative.toExponential(1)} at step ${step} (${engines?.join(", ")})`];
  const held =
    memory === undefined
      ? []
      : [
          `  memory over ${memory.steps} steps: held ${mebibytes(memory.samples, "heldBytes")}, resident ${mebibytes(memory.samples, "residentBytes")} MiB`,
        ];
  return [
    `  ${"engine".padEnd(16)} ${"ms/step".padStart(9)} ${"rounds".padStart(18)}`,
    ...rows,
    ...difference,
    ...held,
  ];
}

/** First and last. */
function mebibytes(samples: readonly EngineMemory[], kind: keyof EngineMemory): string {
  return [samples[0], samples.at(-1)]
    .map((sample) => ((sample?.[kind] ?? 0) / 2 ** 20).toFixed(1))
    .join(" → ");
}

/** @throws {BenchError} naming every workload whose engines do not compute the same. */
function refuseOtherMath(results: readonly WorkloadResult[]): void {
  const apart = results.flatMap(({ name, largestLossDifference: difference }) =>
    difference !== undefined && !(difference.relative <= lossTolerance)
      ? [
          `${name}: ${difference.engines.join(" and ")} differ by ${difference.relative.toExponential(1)} at step ${difference.step}`,
        ]
      : [],
  );
  if (apart.length === 0) return;
  throw new BenchError(
    `the engines do not do the same math; losses of the first ${comparedSteps} steps may differ by ${lossTolerance}:\n${apart.join("\n")}`,
  );
}
