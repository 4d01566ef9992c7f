/** Whether an engine's memory stays where it is over many steps. */
import type { EngineProcess } from "./engine-process.ts";
import type { EngineMemory } from "./engines/protocol.ts";

export interface MemoryResult {
  /** Steps between the first sample and the last. */
  readonly steps: number;
  /** At evenly spread steps, the first before any of them. */
  readonly samples: readonly EngineMemory[];
  /** Slope of a line through the samples of what is held: a leak shows here, even a small one. */
  readonly heldBytesPerStep: number;
  /** The same of what the system counts; allocators make it jump. */
  readonly residentBytesPerStep: number;
}

const intervals = 10;

/** Takes the steps, with a sample before the first, after the last and at even distances between. */
export async function measureMemory(
  process: EngineProcess,
  steps: number,
  limitSecondsPerStep: number,
): Promise<MemoryResult> {
  const part = Math.ceil(steps / intervals);
  // Compilers and pools have settled by then.
  await process.run(part, limitSecondsPerStep * part);
  const samples = [await process.memory()];
  for (let taken = 0; taken < intervals; taken++) {
    await process.run(part, limitSecondsPerStep * part);
    samples.push(await process.memory());
  }
  return { steps: part * intervals, samples, ...slopes(samples, part) };
}

/** Least squares, in bytes per step. */
export function slopes(
  samples: readonly EngineMemory[],
  stepsBetween: number,
): Pick<MemoryResult, "heldBytesPerStep" | "residentBytesPerStep"> {
  const of = (pick: (sample: EngineMemory) => number) => Math.round(slope(samples.map(pick)) / stepsBetween);
  return {
    heldBytesPerStep: of(({ heldBytes }) => heldBytes),
    residentBytesPerStep: of(({ residentBytes }) => residentBytes),
  };
}

function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let covariance = 0;
  let variance = 0;
  for (const [at, value] of values.entries()) {
    covariance += (at - middle) * (value - mean);
    variance += (at - middle) ** 2;
  }
  return covariance / variance;
}
