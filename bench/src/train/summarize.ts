/** From rounds to the figures of the result. */
import { median, significant } from "../statistics.ts";
import type { Engine } from "./engines/engine.ts";
import { findLargestDifference, type LossDifference } from "./losses.ts";
import type { Measured } from "./measure.ts";
import type { MemoryResult } from "./memory.ts";
import type { Workload } from "./workloads/workload.ts";

export interface WorkloadResult {
  readonly name: string;
  readonly summary: string;
  readonly threads: number;
  /** Medians of the rounds. */
  readonly msPerStep: Readonly<Record<string, number>>;
  /** The fastest and the slowest round. */
  readonly spread: Readonly<Record<string, readonly [number, number]>>;
  readonly fastestPeer: string | undefined;
  /** Ours / the fastest peer's: below 1, we are faster. */
  readonly ratioToFastestPeer: number | undefined;
  /** The same of the fastest rounds alone, ours and any peer's: what is left when others work on the machine. */
  readonly ratioOfBestRounds: number | undefined;
  /** Ours / tfjs-wasm's: 0.04 is 25 times faster. */
  readonly ratioToWasm: number | undefined;
  /** Before each of the first steps. */
  readonly losses: Readonly<Record<string, readonly number[]>>;
  readonly largestLossDifference: LossDifference | undefined;
  readonly absent: Readonly<Record<string, string>>;
  /** Ours, over many steps. */
  readonly memory: MemoryResult | undefined;
}

/** Milliseconds per step, by engine. */
type Figures = Readonly<Record<string, number>>;

/** Our figure against the others'. */
export function summarize(
  { name, summary, threads }: Workload,
  engines: readonly Engine[],
  { rounds, losses, absent, memory }: Measured,
): WorkloadResult {
  const mapRounds = <T>(toFigure: (values: readonly number[]) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(rounds).map(([engine, values]) => [engine, toFigure(values)]));
  const medians = mapRounds(median);
  const best = mapRounds((values) => Math.min(...values));
  const peers = engines.filter(({ kind, name }) => kind === "peer" && name in rounds).map(({ name }) => name);
  const fastestBy = (figures: Figures) => peers.toSorted((a, b) => figures[a]! - figures[b]!)[0];
  const ratioTo = (other: string | undefined, figures: Figures) => {
    const [ours, theirs] = [figures.attune, other && figures[other]];
    return ours !== undefined && typeof theirs === "number" ? significant(ours / theirs, 3) : undefined;
  };
  const fastestPeer = fastestBy(medians);
  return {
    name,
    summary,
    threads,
    msPerStep: mapRounds((values) => significant(median(values))),
    spread: mapRounds((values) => [significant(Math.min(...values)), significant(Math.max(...values))]),
    fastestPeer,
    ratioToFastestPeer: ratioTo(fastestPeer, medians),
    ratioOfBestRounds: ratioTo(fastestBy(best), best),
    ratioToWasm: ratioTo("tfjs-wasm", medians),
    losses,
    largestLossDifference: findLargestDifference(losses),
    absent,
    memory,
  };
}
