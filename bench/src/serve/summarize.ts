/** Medians, ratios and goals of what was measured. */
import { median, significant } from "../statistics.ts";
import type { EngineMeasurement, ModelMeasurement, Turn } from "./measure.ts";

export interface EngineSummary {
  /** Medians over the rounds. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly processorMsPerAnswer: number | null;
  readonly idleMb: number | null;
  readonly afterMb: number | null;
  /** The form that was fastest, and what each did; only where there was a choice. */
  readonly form?: string;
  readonly formsPerSecond?: Readonly<Record<string, number>>;
  /** Share of a core that the load generator took. */
  readonly generatorBusy?: number;
}

export interface ModelRatios {
  readonly ratioToBare: number | null;
  readonly ratioToFastapi: number | null;
  /** Ours over MLServer's, both asked by the Open Inference Protocol. */
  readonly ratioToMlserver: number | null;
  readonly idleMemoryRatioToBare: number | null;
  readonly afterMemoryRatioToBare: number | null;
}

export interface ModelSummary extends ModelRatios {
  readonly engines: Readonly<Record<string, EngineSummary>>;
  readonly notMeasured: Readonly<Record<string, string>>;
  /** Answers a second, by engine, in the order of the rounds. */
  readonly rounds: readonly Readonly<Record<string, number>>[];
}

export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

export function summarizeModel({ engines, notMeasured }: ModelMeasurement): ModelSummary {
  const entries = Object.entries(engines);
  const roundCount = entries[0]?.[1].turns.length ?? 0;
  return {
    ratioToBare: ratioOfRates(engines.attune, engines.bare),
    ratioToFastapi: ratioOfRates(engines.attune, engines.fastapi),
    ratioToMlserver: ratioOfRates(engines["attune-infer"], engines.mlserver),
    idleMemoryRatioToBare: ratio(engines.attune?.idleBytes, engines.bare?.idleBytes),
    afterMemoryRatioToBare: ratio(engines.attune?.afterBytes, engines.bare?.afterBytes),
    engines: Object.fromEntries(entries.map(([name, measured]) => [name, summarizeEngine(measured)])),
    notMeasured,
    rounds: Array.from({ length: roundCount }, (_, round) =>
      Object.fromEntries(entries.map(([name, { turns }]) => [name, significant(rate(turns[round]!))])),
    ),
  };
}

function summarizeEngine({
  form,
  formRates,
  turns,
  idleBytes,
  afterBytes,
}: EngineMeasurement): EngineSummary {
  const middle = (pick: (turn: Turn) => number | undefined) => {
    const values = turns.map(pick).filter((value) => value !== undefined);
    return values.length === 0 ? null : significant(median(values));
  };
  const generatorBusy = middle((turn) => turn.generatorBusy);
  const rates = Object.entries(formRates).map(([name, perSecond]) => [name, significant(perSecond)] as const);
  return {
    perSecond: significant(median(turns.map(rate))),
    p50Ms: significant(median(turns.map(({ p50Ms }) => p50Ms))),
    p99Ms: significant(median(turns.map(({ p99Ms }) => p99Ms))),
    processorMsPerAnswer: middle((turn) => turn.processorMsPerAnswer),
    idleMb: mebibytes(idleBytes),
    afterMb: mebibytes(afterBytes),
    ...(rates.length === 0 ? {} : { form, formsPerSecond: Object.fromEntries(rates) }),
    ...(generatorBusy === null ? {} : { generatorBusy }),
  };
}

/** The median of the rounds' own ratios: drift between rounds does not enter. */
function ratioOfRates(
  ours: EngineMeasurement | undefined,
  peer: EngineMeasurement | undefined,
): number | null {
  if (ours === undefined || peer === undefined) return null;
  return significant(median(ours.turns.map((turn, round) => rate(turn) / rate(peer.turns[round]!))));
}

function ratio(ours: number | undefined, peer: number | undefined): number | null {
  return ours === undefined || peer === undefined ? null : significant(ours / peer);
}

function rate({ answers, seconds }: Turn): number {
  return answers / seconds;
}

function mebibytes(bytes: number | undefined): number | null {
  return bytes === undefined ? null : Math.round(bytes / 2 ** 20);
}

const goals = [
  {
    figure: "ratioToBare",
    text: "answers a second ≥ 0.9 × the bare session.run loop",
    isMet: (value: number) => value >= 0.9,
    // Where the graph costs nothing, HTTP is everything.
    models: ["main"],
  },
  {
    figure: "ratioToFastapi",
    text: "answers a second ≥ 3 × FastAPI + onnxruntime + orjson",
    isMet: (value: number) => value >= 3,
    models: ["main", "small"],
  },
  {
    figure: "idleMemoryRatioToBare",
    text: "idle memory ≤ 1.6 × a bare session of the same file",
    isMet: (value: number) => value <= 1.6,
    models: ["main", "small"],
  },
] as const satisfies readonly {
  figure: keyof ModelRatios;
  text: string;
  isMet: (value: number) => boolean;
  models: readonly string[];
}[];

/** One line a model and goal. What was not measured is not met. */
export function listGoals(models: Readonly<Record<string, ModelRatios>>): readonly Goal[] {
  return Object.entries(models).flatMap(([name, ratios]) =>
    goals
      .filter(({ models }) => (models as readonly string[]).includes(name))
      .map(({ figure, text, isMet }) => {
        const value = ratios[figure];
        return {
          goal: `${name}: ${text}`,
          measured: value === null ? "not measured" : `${value} ×`,
          met: value !== null && isMet(value),
        };
      }),
  );
}
