/** What will be trained, and how large each model would be: known, and refused if need be, before any work. */
import { AttuneError, type Dataset, type TaskName } from "@attune/contracts";
import type { LeftOut, ModelProjection } from "../events.ts";
import type { TrainOptions } from "../run.ts";
import { type Family, type Hyperparameters, orderTrainers, type Trainer } from "../trainer.ts";
import { checkFitness, type Fitness, type StageShapes } from "./fitness.ts";

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
    const affordable = isAsked ? fitness : dropCostly(family, trainer, fitness, dataset, options, shapes);
    if (affordable.reasons.length > 0) {
      if (isAsked) refused.push(...affordable.reasons.map((reason) => `${kind}: ${reason}`));
      else leftOut.push({ kind, reasons: affordable.reasons });
      continue;
    }
    const candidates = affordable.candidates.slice(0, options.train.budget.trials);
    const sizes = candidates.map((candidate) =>
      projectBytes(family, trainer, candidate, dataset, options, shapes),
    );
    const projection = { kind, title: trainer.title, bytes: Math.max(...sizes), trials: candidates.length };
    if (projection.bytes > options.exportConfig.maxBytes) tooLarge.push(projection);
    models.push({ trainer, candidates, projection });
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
function projectBytes<T extends TaskName>(
  { task }: Family<T>,
  trainer: Trainer<T>,
  candidate: Hyperparameters,
  dataset: Dataset<T>,
  { exportConfig }: TrainOptions<T>,
  shapes: StageShapes<T>,
): number {
  const budget = task.sizeBudget(exportConfig) ?? Number.POSITIVE_INFINITY;
  return trainer.projectBytes(shapes.release, candidate, budget) + task.sharedBytes(dataset);
}

/** Without the settings whose file would be too large, or that take longer than anybody asked for. */
function dropCostly<T extends TaskName>(
  family: Family<T>,
  trainer: Trainer<T>,
  { candidates, reasons }: Fitness,
  dataset: Dataset<T>,
  options: TrainOptions<T>,
  shapes: StageShapes<T>,
): Fitness {
  const { maxBytes } = options.exportConfig;
  const costs = candidates.map((candidate) => {
    const bytes = projectBytes(family, trainer, candidate, dataset, options, shapes);
    const work = trainer.work?.(shapes.release, candidate) ?? 0;
    return [
      ...(bytes > maxBytes ? [describeSize(bytes, maxBytes)] : []),
      ...(work > workLimit ? [describeWork(work)] : []),
    ];
  });
  const left = candidates.filter((_, at) => costs[at]!.length === 0);
  return { candidates: left, reasons: left.length > 0 ? [] : [...reasons, ...(costs[0] ?? [])] };
}

function describeWork(work: number): string {
  return `one fit takes about ${work.toExponential(0)} multiply-adds, more than the ${workLimit.toExponential(0)} that are spent unasked; name it in train.models to fit it all the same`;
}

function describeSize(bytes: number, limitBytes: number): string {
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
