/** A training as plain data, to go on with later. */
import { AttuneError, type Tensor } from "@attune/contracts";
import type { Learner } from "./learner.ts";
import { noProgress, type Progress } from "./progress.ts";
import type { State } from "./tensors.ts";

/** Everything but tensors: goes through JSON unharmed. */
export interface CheckpointRecord {
  readonly format: 1;
  /** What the training is called. */
  readonly training: string;
  readonly seed: number;
  /** Names of the state in order. */
  readonly names: readonly string[];
  readonly isWeighted: boolean;
  readonly progress: Progress;
}

/**
 * Two parts to save: `tensors` by `writeSafetensors` or the like, `record` as JSON. A training that restores them goes
 * on bit for bit as this one would, on the same backend, data and options.
 */
export interface TrainingCheckpoint {
  readonly record: CheckpointRecord;
  /** Variables, other state, slots of the optimizer; and the best state under `best/` where early stopping keeps it. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

const bestPrefix = "best/";

export async function createCheckpoint(learner: Learner): Promise<TrainingCheckpoint> {
  const state = await learner.stepper.readState();
  const best = Object.entries(learner.bestState ?? {}).map(([name, tensor]) => [bestPrefix + name, tensor]);
  return {
    record: {
      format: 1,
      training: learner.problem.name,
      seed: learner.seed,
      names: Object.keys(state),
      isWeighted: learner.isWeighted,
      progress: structuredCopy(learner.progress),
    },
    tensors: { ...state, ...Object.fromEntries(best) },
  };
}

/**
 * Sets a training to where the checkpoint was made. Names of another model object with the same layers differ in their
 * numbers: then the order decides.
 *
 * @throws {AttuneError} `TRAIN_CHECKPOINT` with everything that does not fit; the training stays as it was.
 */
export async function restoreCheckpoint(
  learner: Learner,
  { record, tensors }: TrainingCheckpoint,
): Promise<void> {
  const { name: kind } = learner.problem;
  if (record?.format !== 1 || !Array.isArray(record.names)) {
    const issues = [`its format is ${record?.format}; this version reads 1`];
    throw new AttuneError("TRAIN_CHECKPOINT", { kind, issues });
  }
  const present = await learner.stepper.readState();
  const own = Object.keys(present);
  const hasSameNames = record.names.length === own.length && own.every((name) => record.names.includes(name));
  const source = new Map(own.map((name, at) => [name, hasSameNames ? name : (record.names[at] ?? name)]));
  const issues = [
    ...(record.seed === learner.seed
      ? []
      : [
          `it was made with the seed ${record.seed}, this training has ${learner.seed}: other noise, other order of rows`,
        ]),
    ...(record.names.length === own.length
      ? []
      : [`it has ${record.names.length} tensors, this training ${own.length}`]),
    ...own.flatMap((name) =>
      compareTensors(name, present[name] as Tensor, tensors[source.get(name) as string]),
    ),
  ];
  if (issues.length > 0) throw new AttuneError("TRAIN_CHECKPOINT", { kind, issues });
  if (record.isWeighted) await learner.useWeights();
  const pick = (prefix: string): State =>
    Object.fromEntries(own.map((name) => [name, tensors[prefix + source.get(name)] as Tensor]));
  await learner.stepper.loadState(pick(""));
  learner.progress = { ...noProgress, ...structuredCopy(record.progress) };
  const hasBest = own.every((name) => `${bestPrefix}${source.get(name)}` in tensors);
  learner.bestState = hasBest ? pick(bestPrefix) : undefined;
}

function compareTensors(name: string, own: Tensor, given: Tensor | undefined): string[] {
  if (given === undefined) return [`${name} is missing`];
  const format = ({ dtype, dims }: Tensor) => `${dtype} [${dims.join(", ")}]`;
  return format(own) === format(given) ? [] : [`${name} is ${format(given)}, expected ${format(own)}`];
}

function structuredCopy(progress: Progress): Progress {
  return JSON.parse(JSON.stringify(progress));
}
