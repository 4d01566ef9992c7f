/** What will be trained, and how large each model would be: known, and refused if need be, before any work. */
import { AttuneError, type Dataset, type TaskName } from "@attune/contracts";
import type { LeftOut, ModelProjection } from "../events.ts";
import type { TrainOptions } from "../run.ts";
import { type Family, type Hyperparameters, orderTrainers, type Trainer } from "../trainer.ts";
import { checkFitness, type StageShapes } from "./fitness.ts";

/** One trainer and the settings to try. */
export interface PlannedModel<T extends TaskName> {
  readonly trainer: Trainer<T>;
  readonly candidates: readonly Hyperparameters[];
  readonly projection: ModelProjection;
}

export interface Plan<T extends TaskName> {
  /** Simplest first; the first is the baseline. */
  readonly models: readonly PlannedModel<T>[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Multiply-adds of one fit beyond which a trainer must be asked for by name: some minutes on two cores, and a search
 * fits several times.
 */
export const workLimit = 2e12;

/**
 * The baseline and the config's trainers, or all of the family. Of the latter, one that the data cannot serve is left
 * out with what it would need; one asked for by name, and the baseline, are refused.
 *
 * @throws {AttuneError} `TRAIN_NO_TRAINER`, `TRAIN_UNKNOWN_KIND`, `TRAIN_CONFIG`, `TRAIN_UNFIT`, `EXPORT_TOO_LARGE`.
 */
export function planTraining<T extends TaskName>(
  family: Family<T>,
  dataset: Dataset<T>,
  options: TrainOptions<T>,
  shapes: StageShapes<T>,
): Plan<T> {
  const asked = readAsked(family, options);
  const [baseline, ...others] = orderTrainers(family.trainers) as [Trainer<T>, ...Trainer<T>[]];
  const wanted = [baseline, ...others.filter(({ kind }) => asked === undefined || asked.has(kind))];
  const refused: string[] = [];
  const tooLarge: ModelProjection[] = [];
  const leftOut: LeftOut[] = [];
  const models: PlannedModel<T>[] = [];
  for (const trainer of wanted) {
    const { kind } = trainer;
    const isAsked = trainer === baseline || asked?.has(kind) === true;
    const fitness = checkFitness(family.task, trainer, shapes, asked?.get(kind) ?? {});
    const candidates = fitness.candidates.slice(0, options.train.budget.trials);
    const reasons = [...fitness.reasons];
    if (reasons.length > 0 && isAsked) refused.push(...reasons.map((reason) => `${kind}: ${reason}`));
    if (reasons.length === 0) {
      const projection = project(family, trainer, candidates, dataset, options, shapes);
      const isTooLarge = projection.bytes > options.exportConfig.maxBytes;
      if (isTooLarge && isAsked) tooLarge.push(projection);
      if (!isAsked) {
        if (isTooLarge) reasons.push(describeSize(projection, options.exportConfig.maxBytes));
        reasons.push(...describeWork(trainer, candidates, shapes));
      }
      if (reasons.length === 0) models.push({ trainer, candidates, projection });
    }
    if (reasons.length > 0 && !isAsked) leftOut.push({ kind, reasons });
  }
  if (refused.length > 0) throw new AttuneError("TRAIN_UNFIT", { issues: refused });
  refuseTooLarge(tooLarge, options.exportConfig.maxBytes);
  return { models, leftOut };
}

/** Kind → fixed hyperparameters; nothing when the config leaves the choice to us. */
function readAsked<T extends TaskName>(
  { task, trainers }: Family<T>,
  { train }: TrainOptions<T>,
): ReadonlyMap<string, Hyperparameters> | undefined {
  if (trainers.length === 0) throw new AttuneError("TRAIN_NO_TRAINER", { task: task.name, served: [] });
  if (train.models === undefined) return undefined;
  const supported = orderTrainers(trainers).map(({ kind }) => kind);
  const kinds = train.models.map(({ kind }) => kind);
  const unknown = [...new Set(kinds.filter((kind) => !supported.includes(kind)))];
  if (unknown.length > 0) throw new AttuneError("TRAIN_UNKNOWN_KIND", { kinds: unknown, supported });
  const twice = kinds.find((kind, at) => kinds.indexOf(kind) !== at);
  if (twice !== undefined) {
    const issues = ["listed twice in train.models; give one entry, its other hyperparameters are searched"];
    throw new AttuneError("TRAIN_CONFIG", { kind: twice, issues });
  }
  return new Map(train.models.map(({ kind, hyperparameters }) => [kind, hyperparameters]));
}

/** Of the release, whose data is the largest. */
function project<T extends TaskName>(
  { task }: Family<T>,
  trainer: Trainer<T>,
  candidates: readonly Hyperparameters[],
  dataset: Dataset<T>,
  { exportConfig }: TrainOptions<T>,
  shapes: StageShapes<T>,
): ModelProjection {
  const budget = task.sizeBudget(exportConfig) ?? Number.POSITIVE_INFINITY;
  const weightBytes = candidates.map((candidate) => trainer.projectBytes(shapes.release, candidate, budget));
  const { kind, title } = trainer;
  const bytes = Math.max(...weightBytes) + task.sharedBytes(dataset);
  return { kind, title, bytes, trials: candidates.length };
}

function describeWork<T extends TaskName>(
  trainer: Trainer<T>,
  candidates: readonly Hyperparameters[],
  shapes: StageShapes<T>,
): string[] {
  const work = Math.max(...candidates.map((candidate) => trainer.work?.(shapes.release, candidate) ?? 0));
  if (work <= workLimit) return [];
  return [
    `one fit takes about ${work.toExponential(0)} multiply-adds, more than the ${workLimit.toExponential(0)} that are spent unasked; name it in train.models to fit it all the same`,
  ];
}

function describeSize({ bytes }: ModelProjection, limitBytes: number): string {
  return `its file would have ${formatMegabytes(bytes)}, the limit is ${formatMegabytes(limitBytes)} (export.maxBytes)`;
}

function refuseTooLarge(models: readonly ModelProjection[], limitBytes: number): void {
  if (models.length === 0) return;
  throw new AttuneError("EXPORT_TOO_LARGE", {
    projectedBytes: Math.max(...models.map((model) => model.bytes)),
    limitBytes,
    parts: models.map(({ kind, bytes }) => `${kind}: ${formatMegabytes(bytes)} with its vocabulary`),
  });
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
