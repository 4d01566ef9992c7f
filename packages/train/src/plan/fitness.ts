/** Which settings of a trainer the data can serve, at every size it will be fitted at, and why the others cannot. */
import type { TaskName } from "@attune/contracts";
import type { Shape, Stage, Task } from "../task.ts";
import type { Hyperparameters, Trainer } from "../trainer.ts";

/** The data's size at each stage. */
export type StageShapes<T extends TaskName> = Readonly<Record<Stage, Shape<T>>>;

export interface Fitness {
  /** Settings that pass at every stage. */
  readonly candidates: readonly Hyperparameters[];
  /** Why nothing passes; empty when something does. */
  readonly reasons: readonly string[];
}

/** @throws {AttuneError} `TRAIN_CONFIG` when `fixed` does not fit the trainer's schema. */
export function checkFitness<T extends TaskName>(
  task: Task<T>,
  trainer: Trainer<T>,
  shapes: StageShapes<T>,
  fixed: Hyperparameters,
): Fitness {
  const lacking = (trainer.needs ?? []).flatMap((need) => task.lacks(shapes.search, need) ?? []);
  const all = trainer.candidates(shapes.search, fixed);
  if (lacking.length > 0) return { candidates: [], reasons: lacking };
  const reasons = new Set<string>();
  const candidates = all.filter((candidate) => {
    const own = (["search", "refit", "release"] as const).map(
      (stage) => trainer.check?.(shapes[stage], candidate) ?? [],
    );
    // One line says it: the first stage at which it fails.
    for (const reason of own.find((lines) => lines.length > 0) ?? []) reasons.add(reason);
    return own.every((lines) => lines.length === 0);
  });
  return candidates.length > 0 ? { candidates, reasons: [] } : { candidates, reasons: [...reasons] };
}
