/** Measures data on the present state. */
import { AttuneError } from "@attune/contracts";
import type { BatchSource } from "../data/source.ts";
import type { Learner } from "../learner.ts";
import type { Numbers } from "../tensors.ts";
import { checkStopped, type StopSignal } from "./turn.ts";

/** Means over rows of the loss and the metrics of each batch. */
export async function measureSource(
  learner: Learner,
  source: BatchSource,
  signal?: StopSignal,
): Promise<Numbers> {
  const { name: kind } = learner.problem;
  const sums = new Map<string, number>();
  let rows = 0;
  for await (const { batch, sizes, rowCount } of source.batches(1, 0)) {
    checkStopped(kind, signal);
    const numbers = await learner.stepper.evaluate({ batch, sizes });
    for (const [name, value] of Object.entries(numbers))
      sums.set(name, (sums.get(name) ?? 0) + value * rowCount);
    rows += rowCount;
  }
  if (rows === 0) throw new AttuneError("TRAIN_DATA", { kind, issues: ["the data to measure has no rows"] });
  return Object.fromEntries(Array.from(sums, ([name, sum]) => [name, sum / rows])) as Numbers;
}
