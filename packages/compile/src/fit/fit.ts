/** Passes over the data: steps, validation, early stopping, checkpoints. */
import { AttuneError } from "@attune/contracts";
import { createCheckpoint } from "../checkpoint.ts";
import { openSource } from "../data/open-source.ts";
import type { Data } from "../data/read-data.ts";
import { type BatchSource, isStream, type SizedBatch, type Stream } from "../data/source.ts";
import type { Learner } from "../learner.ts";
import type { EpochNumbers, EpochRecord } from "../progress.ts";
import type { Numbers } from "../tensors.ts";
import { judgeEpoch } from "./early-stopping.ts";
import { measureSource } from "./measure-source.ts";
import { checkFitOptions, type FitOptions, shuffleRowsOf } from "./options.ts";
import { learningRateAt } from "./schedule.ts";
import { checkStopped, nextTurn } from "./turn.ts";

export interface History {
  /** Every pass of the training, those before a checkpoint too. */
  readonly epochs: readonly EpochRecord[];
  /** Whether early stopping ended it. */
  readonly isStopped: boolean;
  /** In the eyes of early stopping. */
  readonly bestEpoch: number | undefined;
}

/** @throws {AttuneError} see `Training.fit`. */
export async function fitLearner(
  learner: Learner,
  data: Data | Stream,
  options: FitOptions,
): Promise<History> {
  const { name: kind } = learner.problem;
  checkFitOptions(kind, options);
  const {
    epochs = 1,
    batchSize,
    remainder,
    earlyStopping,
    validation,
    classWeights,
    sampleWeights,
  } = options;
  const source = await openSource(learner, data, {
    ...(batchSize && { batchSize }),
    ...(remainder && { remainder }),
    shuffleRows: shuffleRowsOf(options),
    ...(classWeights && { classWeights }),
    ...(sampleWeights && { sampleWeights }),
  });
  // Ready batches are a matter of each stream.
  const isReady = batchSize === "block" && validation !== undefined && !isStream(validation);
  const validationSource =
    validation && (await openSource(learner, validation, batchSize && !isReady ? { batchSize } : {}));
  while (learner.progress.epoch < epochs && !(earlyStopping && learner.progress.isStopped)) {
    await runEpoch(learner, source, options);
    const record = await closeEpoch(learner, validationSource, options);
    options.onEvent?.({ type: "epoch", epochs, ...record });
    if (earlyStopping) await watchEpoch(learner, record, options);
    if (options.checkpoint && options.checkpoint.everySteps === undefined) {
      await options.checkpoint.save(await createCheckpoint(learner));
    }
  }
  if (earlyStopping && earlyStopping.restoreBest !== false && learner.bestState !== undefined) {
    await learner.stepper.loadState(learner.bestState);
  }
  const { history, isStopped, best } = learner.progress;
  return { epochs: history, isStopped, bestEpoch: best?.epoch };
}

/** The rest of the pass under way. */
async function runEpoch(learner: Learner, source: BatchSource, options: FitOptions): Promise<void> {
  const { name: kind } = learner.problem;
  const { signal, checkpoint } = options;
  const epoch = learner.progress.epoch + 1;
  for await (const sized of source.batches(epoch, learner.progress.batch)) {
    checkStopped(kind, signal);
    await trainBatch(learner, sized, source.batchCount, options);
    if (checkpoint?.everySteps !== undefined && learner.progress.step % checkpoint.everySteps === 0) {
      await checkpoint.save(await createCheckpoint(learner));
    }
    // Engines in a worker or in native code hand the thread back by themselves; tfjs's do not.
    if (learner.choice.backend !== "onnxruntime") await nextTurn();
  }
  checkStopped(kind, signal);
  if (learner.progress.batch === 0) {
    const issues = [
      "a pass over it gives no batch; give more rows, a smaller batchSize, or keep the remainder",
    ];
    throw new AttuneError("TRAIN_DATA", { kind, issues });
  }
}

async function trainBatch(
  learner: Learner,
  { batch, sizes, rowCount }: SizedBatch,
  batchCount: number | undefined,
  { schedule, onEvent }: FitOptions,
): Promise<void> {
  const { step } = learner.progress;
  const learningRate = schedule ? learningRateAt(schedule, step, learner.learningRate) : learner.learningRate;
  const numbers = await learner.takeStep(batch, sizes, learningRate);
  const { progress } = learner;
  learner.progress = {
    ...progress,
    batch: progress.batch + 1,
    rows: progress.rows + rowCount,
    sums: addNumbers(progress.sums, numbers, rowCount),
  };
  if (onEvent === undefined) return;
  const { loss, ...metrics } = numbers;
  onEvent({
    type: "step",
    epoch: progress.epoch + 1,
    batch: progress.batch + 1,
    batchCount,
    step: progress.step,
    learningRate,
    loss,
    metrics,
  });
}

/** Sums of numbers over rows. */
function addNumbers(
  sums: Readonly<Record<string, number>>,
  numbers: Numbers,
  rowCount: number,
): Record<string, number> {
  const next: Record<string, number> = { ...sums };
  for (const [name, value] of Object.entries(numbers)) next[name] = (next[name] ?? 0) + value * rowCount;
  return next;
}

/** Means and validation of the pass that has just ended; the next one begins. */
async function closeEpoch(
  learner: Learner,
  validation: BatchSource | undefined,
  { signal }: FitOptions,
): Promise<EpochRecord> {
  const { sums, rows, epoch, step, history } = learner.progress;
  const means = Object.entries(sums).map(([name, sum]) => [name, sum / rows]);
  const measured = validation ? Object.entries(await measureSource(learner, validation, signal)) : [];
  const numbers: EpochNumbers = Object.fromEntries([
    ...means,
    ...measured.map(([name, value]) => [`val_${name}`, value]),
  ]);
  const record: EpochRecord = { epoch: epoch + 1, step, numbers };
  learner.progress = {
    ...learner.progress,
    epoch: epoch + 1,
    batch: 0,
    rows: 0,
    sums: {},
    history: [...history, record],
  };
  return record;
}

async function watchEpoch(
  learner: Learner,
  { epoch, numbers }: EpochRecord,
  options: FitOptions,
): Promise<void> {
  const { earlyStopping = {}, onEvent } = options;
  const verdict = judgeEpoch(earlyStopping, epoch, numbers, learner.progress.best);
  const { monitor = "val_loss", restoreBest = true } = earlyStopping;
  if (verdict === undefined) {
    const issues = [`earlyStopping.monitor: no "${monitor}" among ${Object.keys(numbers).join(", ")}`];
    throw new AttuneError("TRAIN_OPTIONS", { kind: learner.problem.name, issues });
  }
  const { best, isBest, stops } = verdict;
  learner.progress = { ...learner.progress, best, isStopped: stops };
  if (isBest && restoreBest) learner.bestState = await learner.stepper.readState();
  if (!stops) return;
  const reason = best
    ? `${monitor} is no better than ${best.value} of epoch ${best.epoch}`
    : `${monitor} has not been finite`;
  onEvent?.({ type: "stopped", epoch, bestEpoch: best?.epoch, reason });
}
