/** Passes over the data: steps, validation, early stopping, checkpoints. */
import { AttuneError } from "@attune/contracts";
import { createCheckpoint } from "../checkpoint.ts";
import type { Data } from "../data/convert.ts";
import { openSource } from "../data/open-source.ts";
import { type BatchSource, isStream, type SizedBatch, type Stream } from "../data/source.ts";
import type { EpochNumbers, EpochRecord } from "../progress.ts";
import type { TrainingRun } from "../run.ts";
import type { Numbers } from "../stepper/stepper.ts";
import { checkStopped, nextTurn } from "../turn.ts";
import { judgeEpoch } from "./early-stopping.ts";
import { measureSource } from "./evaluate.ts";
import { checkFitOptions, type FitOptions, shuffleRowsOf } from "./options.ts";
import { learningRateAt } from "./schedule.ts";

export interface History {
  /** Every pass of the training, those before a checkpoint too. */
  readonly epochs: readonly EpochRecord[];
  /** Whether early stopping ended it. */
  readonly isStopped: boolean;
  /** In the eyes of early stopping. */
  readonly bestEpoch: number | undefined;
}

/** @throws {AttuneError} see `Training.fit`. */
export async function fitRun(run: TrainingRun, data: Data | Stream, options: FitOptions): Promise<History> {
  const { name: kind } = run.problem;
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
  const source = await openSource(run, data, {
    ...(batchSize && { batchSize }),
    ...(remainder && { remainder }),
    shuffleRows: shuffleRowsOf(options),
    ...(classWeights && { classWeights }),
    ...(sampleWeights && { sampleWeights }),
  });
  // Ready batches are a matter of each stream.
  const isReady = batchSize === "block" && validation !== undefined && !isStream(validation);
  const validationSource =
    validation && (await openSource(run, validation, batchSize && !isReady ? { batchSize } : {}));
  while (run.progress.epoch < epochs && !(earlyStopping && run.progress.isStopped)) {
    await runEpoch(run, source, options);
    const record = await closeEpoch(run, validationSource, options);
    options.onEvent?.({ type: "epoch", epochs, ...record });
    if (earlyStopping) await watchEpoch(run, record, options);
    if (options.checkpoint && options.checkpoint.everySteps === undefined) {
      await options.checkpoint.save(await createCheckpoint(run));
    }
  }
  if (earlyStopping && earlyStopping.restoreBest !== false && run.bestState !== undefined) {
    await run.stepper.loadState(run.bestState);
  }
  const { history, isStopped, best } = run.progress;
  return { epochs: history, isStopped, bestEpoch: best?.epoch };
}

/** The rest of the pass under way. */
async function runEpoch(run: TrainingRun, source: BatchSource, options: FitOptions): Promise<void> {
  const { name: kind } = run.problem;
  const { signal, checkpoint } = options;
  const epoch = run.progress.epoch + 1;
  for await (const sized of source.batches(epoch, run.progress.batch)) {
    checkStopped(kind, signal);
    await trainBatch(run, sized, source.batchCount, options);
    if (checkpoint?.everySteps !== undefined && run.progress.step % checkpoint.everySteps === 0) {
      await checkpoint.save(await createCheckpoint(run));
    }
    // Engines in a worker or in native code hand the thread back by themselves; tfjs's do not.
    if (run.choice.backend !== "onnxruntime") await nextTurn();
  }
  checkStopped(kind, signal);
  if (run.progress.batch === 0) {
    const issues = [
      "a pass over it gives no batch; give more rows, a smaller batchSize, or keep the remainder",
    ];
    throw new AttuneError("TRAIN_DATA", { kind, issues });
  }
}

async function trainBatch(
  run: TrainingRun,
  { batch, sizes, rowCount }: SizedBatch,
  batchCount: number | undefined,
  { schedule, onEvent }: FitOptions,
): Promise<void> {
  const { step } = run.progress;
  const learningRate = schedule ? learningRateAt(schedule, step, run.learningRate) : run.learningRate;
  const numbers = await run.takeStep(batch, sizes, learningRate);
  const { progress } = run;
  run.progress = {
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
  run: TrainingRun,
  validation: BatchSource | undefined,
  { signal }: FitOptions,
): Promise<EpochRecord> {
  const { sums, rows, epoch, step, history } = run.progress;
  const means = Object.entries(sums).map(([name, sum]) => [name, sum / rows]);
  const measured = validation ? Object.entries(await measureSource(run, validation, signal)) : [];
  const numbers: EpochNumbers = Object.fromEntries([
    ...means,
    ...measured.map(([name, value]) => [`val_${name}`, value]),
  ]);
  const record: EpochRecord = { epoch: epoch + 1, step, numbers };
  run.progress = {
    ...run.progress,
    epoch: epoch + 1,
    batch: 0,
    rows: 0,
    sums: {},
    history: [...history, record],
  };
  return record;
}

async function watchEpoch(
  run: TrainingRun,
  { epoch, numbers }: EpochRecord,
  options: FitOptions,
): Promise<void> {
  const { earlyStopping = {}, onEvent } = options;
  const verdict = judgeEpoch(earlyStopping, epoch, numbers, run.progress.best);
  const { monitor = "val_loss", restoreBest = true } = earlyStopping;
  if (verdict === undefined) {
    const issues = [`earlyStopping.monitor: no "${monitor}" among ${Object.keys(numbers).join(", ")}`];
    throw new AttuneError("TRAIN_OPTIONS", { kind: run.problem.name, issues });
  }
  const { best, isBest, stops } = verdict;
  run.progress = { ...run.progress, best, isStopped: stops };
  if (isBest && restoreBest) run.bestState = await run.stepper.readState();
  if (!stops) return;
  const reason = best
    ? `${monitor} is no better than ${best.value} of epoch ${best.epoch}`
    : `${monitor} has not been finite`;
  onEvent?.({ type: "stopped", epoch, bestEpoch: best?.epoch, reason });
}
