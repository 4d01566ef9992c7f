/** What will be trained, and how large each model would be: known, and refused if need be, before any work. */
import { AttuneError, type Dataset } from "@attune/contracts";
import type { ExportConfig, TrainConfig } from "@attune/contracts/config";
import { measureShape } from "@attune/recommenders";
import { bytesPerNeighbour, neighboursWithin } from "@attune/recommenders";
import { selectFitEvents } from "@attune/recommenders";
import type { DatasetShape, Hyperparameters, Trainer } from "../trainer.ts";
import { baseline, findTrainers } from "@attune/recommenders";
import type { ModelProjection } from "./events.ts";

/** One trainer and the settings to try. */
export interface PlannedModel {
  readonly trainer: Trainer;
  readonly candidates: readonly Hyperparameters[];
  readonly projection: ModelProjection;
}

/**
 * The trainers of the config and the baseline, simplest first.
 *
 * @throws {AttuneError} `TRAIN_UNKNOWN_KIND`, `TRAIN_CONFIG`, `TRAIN_TOO_LARGE`, `EXPORT_TOO_LARGE`.
 */
export function planTraining(
  dataset: Dataset,
  config: TrainConfig,
  exportConfig: ExportConfig,
): readonly PlannedModel[] {
  checkListedOnce(config);
  const shape = measureShape(selectFitEvents(dataset, "validation"));
  const idBytes = measureItemIds(dataset.itemIds);
  const plan = findTrainers([baseline.kind, ...config.models.map((model) => model.kind)]).map((trainer) => {
    const fixed = config.models.find((model) => model.kind === trainer.kind)?.hyperparameters ?? {};
    const candidates = trainer.candidates(shape, fixed);
    const weightBytes = projectShippedBytes(trainer, candidates, shape, exportConfig.budgetBytes);
    const { kind, title } = trainer;
    const projection = { kind, title, bytes: weightBytes + idBytes, trials: candidates.length };
    return { trainer, candidates, projection };
  });
  checkSizes(plan, exportConfig.maxBytes);
  return plan;
}

function checkListedOnce(config: TrainConfig): void {
  const kinds = config.models.map((model) => model.kind);
  const twice = kinds.find((kind, at) => kinds.indexOf(kind) !== at);
  if (twice === undefined) return;
  const issues = ["listed twice in train.models; give one entry, its other hyperparameters are searched"];
  throw new AttuneError("TRAIN_CONFIG", { kind: twice, issues });
}

function projectShippedBytes(
  trainer: Trainer,
  candidates: readonly Hyperparameters[],
  shape: DatasetShape,
  budgetBytes: number,
): number {
  const whole = Math.max(...candidates.map((candidate) => trainer.projectBytes(shape, candidate)));
  if (!trainer.prunes) return whole;
  const { itemCount } = shape;
  return Math.min(whole, neighboursWithin(budgetBytes, itemCount) * itemCount * bytesPerNeighbour);
}

/** Ids are written twice (to find items, to name them), with about four bytes of framing, besides popularity. */
function measureItemIds(itemIds: readonly string[]): number {
  return itemIds.reduce((sum, id) => sum + 2 * (Buffer.byteLength(id) + 4) + 4, 0);
}

function checkSizes(plan: readonly PlannedModel[], limitBytes: number): void {
  const tooLarge = plan.map((model) => model.projection).filter((model) => model.bytes > limitBytes);
  if (tooLarge.length === 0) return;
  throw new AttuneError("EXPORT_TOO_LARGE", {
    projectedBytes: Math.max(...tooLarge.map((model) => model.bytes)),
    limitBytes,
    parts: tooLarge.map((model) => `${model.kind}: ${(model.bytes / 1e6).toFixed(1)} MB with its item ids`),
  });
}
