/** The content key of a training run: same key, same models. */
import type { TaskName } from "@attune/contracts";
import { contentKey } from "@attune/store";
import type { TrainOptions } from "./run.ts";

/** What of a trainer decides the outcome. */
interface Participant {
  readonly kind: string;
  readonly complexity: number;
  readonly version: number;
}

/** Raised when the same inputs would give other models or other figures, whatever the trainers. */
const codeVersion = 8;

/**
 * Over the dataset's key, everything that decides the outcome, and the code version.
 *
 * @param trainers - those of the family: all of them run when the config names none, and the simplest always does.
 */
export function trainingKey<T extends TaskName>(
  datasetKey: string,
  { seed, train, exportConfig }: TrainOptions<T>,
  trainers: readonly Participant[],
): string {
  const { maxBytes } = exportConfig;
  const budgetBytes = "budgetBytes" in exportConfig ? exportConfig.budgetBytes : undefined;
  const lowest = Math.min(...trainers.map(({ complexity }) => complexity));
  const asked = train.models?.map(({ kind }) => kind);
  const participants = trainers
    .filter(({ kind, complexity }) => asked === undefined || asked.includes(kind) || complexity === lowest)
    .map(({ kind, complexity, version }) => ({ kind, complexity, version }));
  const parameters = {
    seed,
    train,
    participants,
    maxBytes,
    ...(budgetBytes !== undefined && { budgetBytes }),
  };
  return contentKey({ step: "train", codeVersion, datasetKey, parameters });
}
