/** One workload: every engine in its own process, the first steps compared, then rounds in turns. */
import { setTimeout as pause } from "node:timers/promises";
import { EngineAbsent, type EngineProcess, startEngine } from "./engine-process.ts";
import type { Engine } from "./engines/engine.ts";
import type { EngineRan } from "./engines/protocol.ts";
import { type MemoryResult, measureMemory } from "./memory.ts";

export interface Plan {
  readonly rounds: number;
  /** Steps of an engine in one round; by its own speed when absent. */
  readonly steps: number | undefined;
  /** Steps over which our engine's memory is watched after the rounds; 0 = not at all. */
  readonly memorySteps: number;
}

export interface Measured {
  /** Milliseconds per step of each round, by engine. */
  readonly rounds: Readonly<Record<string, readonly number[]>>;
  readonly losses: Readonly<Record<string, readonly number[]>>;
  /** Why an engine is not among them. */
  readonly absent: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly memory?: MemoryResult | undefined;
}

/** Losses are compared over so many steps. */
export const comparedSteps = 20;
/** What a slow engine may spend on them after its first step; it then has fewer. */
const comparingSeconds = 60;
const roundSeconds = 1;
/** The Python peers keep the losses of a round in a buffer of this length. */
const mostStepsInARound = 4000;
/** Worker threads of some engines spin for a while after the last step: the next engine does not start before they sleep. */
const pauseMs = 250;

interface Contestant {
  readonly engine: Engine;
  readonly process: EngineProcess;
  readonly losses: readonly number[];
  readonly steps: number;
  readonly limitSeconds: number;
  readonly rounds: number[];
}

/** Measures. Only one engine works at a time; who goes first moves on by one each round. */
export async function measureWorkload(
  engines: readonly Engine[],
  start: { readonly dir: string; readonly threads: number },
  plan: Plan,
  say: (line: string) => void,
): Promise<Measured> {
  const absent: Record<string, string> = {};
  let contestants: Contestant[] = [];
  const leave = (engine: Engine, cause: unknown) => {
    if (!(cause instanceof EngineAbsent)) throw cause;
    absent[engine.name] = describeAbsence(engine, cause);
    say(`  ${engine.name}: ${absent[engine.name]}`);
    contestants = contestants.filter((contestant) => contestant.engine !== engine);
  };
  try {
    for (const engine of engines) {
      await enter(engine, start, plan).then(
        (contestant) => contestants.push(contestant),
        (cause) => leave(engine, cause),
      );
      await pause(pauseMs);
    }
    for (let round = 0; round < plan.rounds; round++) {
      for (const contestant of rotate(contestants, round)) {
        await takeRound(contestant).catch((cause) => leave(contestant.engine, cause));
        await pause(pauseMs);
      }
    }
    const ours = contestants.find(({ engine }) => engine.kind === "ours");
    const watched = plan.memorySteps > 0 ? ours : undefined;
    if (watched !== undefined) say(`  ${watched.engine.name}: memory over ${plan.memorySteps} steps`);
    return {
      memory:
        watched &&
        (await measureMemory(watched.process, plan.memorySteps, watched.limitSeconds / watched.steps)),
      rounds: Object.fromEntries(contestants.map(({ engine, rounds }) => [engine.name, rounds])),
      losses: Object.fromEntries(contestants.map(({ engine, losses }) => [engine.name, losses])),
      absent,
      versions: Object.assign({}, ...contestants.map(({ process }) => process.versions)),
    };
  } finally {
    for (const { process } of contestants) process.stop();
  }
}

/** Starts it and takes the steps that are compared: the warm-up as well. */
async function enter(
  engine: Engine,
  start: { readonly dir: string; readonly threads: number },
  plan: Plan,
): Promise<Contestant> {
  const process = await startEngine(engine, start);
  const limitSeconds = engine.firstStepLimitSeconds;
  const first = await process.run(1, limitSeconds);
  const second = await process.run(1, limitSeconds);
  const affordable = Math.floor((comparingSeconds * 1000) / second.milliseconds);
  const rest = Math.min(comparedSteps - 2, affordable);
  const others = rest > 0 ? await process.run(rest, limitSeconds * rest) : undefined;
  const steps = plan.steps ?? chooseSteps(others === undefined ? [second] : [second, others]);
  return {
    engine,
    process,
    losses: [...first.losses, ...second.losses, ...(others?.losses ?? [])],
    steps,
    limitSeconds: limitSeconds * steps,
    rounds: [],
  };
}

/** About a second's worth, at least one. */
export function chooseSteps(ran: readonly EngineRan[]): number {
  const perStep = Math.min(...ran.map(({ milliseconds, losses }) => milliseconds / losses.length));
  return Math.max(1, Math.min(mostStepsInARound, Math.round((roundSeconds * 1000) / perStep)));
}

async function takeRound({ process, steps, limitSeconds, rounds }: Contestant): Promise<void> {
  const { milliseconds } = await process.run(steps, limitSeconds);
  rounds.push(milliseconds / steps);
}

function describeAbsence({ install }: Engine, { message }: EngineAbsent): string {
  const isMissing = /ENOENT|ModuleNotFoundError|ImportError/.test(message);
  return isMissing && install !== undefined ? `${message}. To install: ${install}` : message;
}

/** The same values, starting `by` places later. */
export function rotate<T>(values: readonly T[], by: number): T[] {
  return values.map((_, index) => values[(index + by) % values.length]!);
}
