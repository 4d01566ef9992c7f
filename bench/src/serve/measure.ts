/** One model through all engines: memory at rest, the same answers, then turns under load, then memory again. */
import { setTimeout as pause } from "node:timers/promises";
import { BenchError } from "../bench.ts";
import { EngineAbsent } from "./engine-absent.ts";
import type { RunningEngine, ServedModel, ServeEngine } from "./engines/engine.ts";
import { reference } from "./engines/index.ts";
import type { Load } from "./load/load.ts";
import type { LoadReport } from "./load/protocol.ts";
import { readTree } from "./processes/process-tree.ts";
import { findDifference } from "./same-answers.ts";

export interface Plan {
  /** Every engine has a turn in each; who goes first alternates. */
  readonly rounds: number;
  /** Of a turn. */
  readonly seconds: number;
}

/** One turn of one engine. */
export interface Turn extends LoadReport {
  /** Of the whole process tree, an answer. Undefined without /proc. */
  readonly processorMsPerAnswer: number | undefined;
}

export interface EngineMeasurement {
  readonly form: string;
  /** Answers a second of every form that was tried. */
  readonly formRates: Readonly<Record<string, number>>;
  readonly turns: readonly Turn[];
  /** Resident, of the whole process tree: ready and not asked anything yet; after the last turn. */
  readonly idleBytes: number | undefined;
  readonly afterBytes: number | undefined;
}

export interface ModelMeasurement {
  /** By engine. */
  readonly engines: Readonly<Record<string, EngineMeasurement>>;
  /** Engines that are not there, with the reason. */
  readonly notMeasured: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** What memory and compilers need to come to rest. */
const settleMs = 2000;
const warmUpSeconds = 2;

interface Entrant {
  readonly engine: ServeEngine;
  readonly running: RunningEngine;
  readonly form: string;
  readonly formRates: Readonly<Record<string, number>>;
  readonly idleBytes: number | undefined;
}

/** @throws {BenchError} when an engine answers otherwise than the bare graph, or fails under load. */
export async function measureModel(
  model: ServedModel,
  engines: readonly ServeEngine[],
  plan: Plan,
  { load, say }: { readonly load: Load; readonly say: (line: string) => void },
): Promise<ModelMeasurement> {
  const entrants: Entrant[] = [];
  const notMeasured: Record<string, string> = {};
  try {
    for (const engine of engines) {
      try {
        entrants.push(await enter(engine, model, load));
      } catch (cause) {
        if (!(cause instanceof EngineAbsent)) throw cause;
        notMeasured[engine.name] = describeAbsence(engine, cause);
        say(`${engine.name} is not measured: ${notMeasured[engine.name]}`);
      }
    }
    await holdToReference(entrants, model);
    for (const { running } of entrants) await running.measure(warmUpSeconds);
    const turns = await takeTurns(entrants, plan, say);
    await pause(settleMs);
    const afterBytes = entrants.map(({ running }) => readTree(running.pid)?.residentBytes);
    await holdToReference(entrants, model);
    return {
      engines: Object.fromEntries(
        entrants.map(({ engine, form, formRates, idleBytes }, index) => [
          engine.name,
          { form, formRates, idleBytes, afterBytes: afterBytes[index], turns: turns[index]! },
        ]),
      ),
      notMeasured,
      versions: Object.assign({}, ...entrants.map(({ running }) => running.versions)),
    };
  } finally {
    await Promise.all(entrants.map(({ running }) => running.stop()));
  }
}

function describeAbsence({ install }: ServeEngine, { message }: EngineAbsent): string {
  return install === undefined ? message : `${message}. To measure it: ${install}`;
}

async function enter(engine: ServeEngine, model: ServedModel, load: Load): Promise<Entrant> {
  const formRates = engine.forms.length > 1 ? await tryForms(engine, model, load) : {};
  const form = engine.forms.toSorted((a, b) => (formRates[b] ?? 0) - (formRates[a] ?? 0))[0]!;
  const running = await engine.start(model, load, form);
  await pause(settleMs);
  return { engine, running, form, formRates, idleBytes: readTree(running.pid)?.residentBytes };
}

async function tryForms(
  engine: ServeEngine,
  model: ServedModel,
  load: Load,
): Promise<Record<string, number>> {
  const rates: Record<string, number> = {};
  for (const form of engine.forms) {
    const running = await engine.start(model, load, form);
    try {
      await running.measure(1);
      const { answers, seconds } = await running.measure(warmUpSeconds);
      rates[form] = answers / seconds;
    } finally {
      await running.stop();
    }
  }
  return rates;
}

async function holdToReference(entrants: readonly Entrant[], { requests }: ServedModel): Promise<void> {
  const right = entrants.find(({ engine }) => engine === reference)!.running;
  const answers = [];
  for (const request of requests) answers.push(await right.ask(request));
  for (const { engine, running } of entrants) {
    const difference = await findDifference(running, requests, answers);
    if (difference !== undefined) {
      throw new BenchError(
        `${engine.name} does not answer as the bare graph does, so nothing is measured: ${difference}`,
      );
    }
  }
}

/** Never two at once. Every other round goes backwards, so that drift of the machine cancels out. */
async function takeTurns(
  entrants: readonly Entrant[],
  { rounds, seconds }: Plan,
  say: (line: string) => void,
): Promise<readonly (readonly Turn[])[]> {
  const turns = entrants.map((): Turn[] => []);
  say(`  round   ${entrants.map(({ engine }) => engine.name.padStart(12)).join(" ")}   (answers a second)`);
  for (let round = 0; round < rounds; round++) {
    const order = [...entrants.keys()];
    if (round % 2 === 1) order.reverse();
    for (const index of order) turns[index]!.push(await takeTurn(entrants[index]!.running, seconds));
    const rates = turns.map((own) => (own.at(-1)!.answers / own.at(-1)!.seconds).toFixed(0).padStart(12));
    say(`  ${String(round + 1).padEnd(7)} ${rates.join(" ")}`);
  }
  return turns;
}

async function takeTurn(running: RunningEngine, seconds: number): Promise<Turn> {
  const before = readTree(running.pid);
  const report = await running.measure(seconds);
  const after = readTree(running.pid);
  const processorMsPerAnswer =
    before === undefined || after === undefined
      ? undefined
      : (after.processorMs - before.processorMs) / report.answers;
  return { ...report, processorMsPerAnswer };
}
