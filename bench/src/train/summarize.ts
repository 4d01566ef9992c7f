/** From rounds to the figures of the result. */
import { median, significant } from "../statistics.ts";
import type { Engine } from "./engines/engine.ts";
import { findLargestDifference, type LossDifference } from "./losses.ts";
import type { Measured } from "./measure.ts";
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
  /** Ours / tfjs-wasm's: 0.04 is 25 times faster. */
  readonly ratioToWasm: number | undefined;
  /** Before each of the first steps. */
  readonly losses: Readonly<Record<string, readonly number[]>>;
  readonly largestLossDifference: LossDifference | undefined;
  readonly absent: Readonly<Record<string, string>>;
}

/** Our figure against the others'. */
export function summarize(
  { name, summary, threads }: Workload,
  engines: readonly Engine[],
  { rounds, losses, absent }: Measured,
): WorkloadResult {
  const mapRounds = <T>(toFigure: (values: readonly number[]) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(rounds).map(([engine, values]) => [engine, toFigure(values)]));
  const medians = mapRounds(median);
  const fastestPeer = engines
    .filter(({ kind, name }) => kind === "peer" && name in medians)
    .map(({ name }) => name)
    .toSorted((a, b) => medians[a]! - medians[b]!)[0];
  const ratioTo = (other: string | undefined) => {
    const [ours, theirs] = [medians.attune, other && medians[other]];
    return ours !== undefined && typeof theirs === "number" ? significant(ours / theirs, 3) : undefined;
  };
  return {
    name,
    summary,
    threads,
    msPerStep: mapRounds((values) => significant(median(values))),
    spread: mapRounds((values) => [significant(Math.min(...values)), significant(Math.max(...values))]),
    fastestPeer,
    ratioToFastestPeer: ratioTo(fastestPeer),
    ratioToWasm: ratioTo("tfjs-wasm"),
    losses,
    largestLossDifference: findLargestDifference(losses),
    absent,
  };
}
