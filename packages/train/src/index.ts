/** Trainers, and the run that compares them: a dataset in, a fitted model and a leaderboard out. Node only. */

// Training of tfjs code; types and the browser's entry are in ./compiled
export { compileTraining } from "@attune/compile";
export type {
  CompileLossOptions,
  CompileModelOptions,
  FitOptions,
  History,
  Training,
  TrainingCheckpoint,
} from "@attune/compile";
// Who is ranked on a split
export { createRankingTask, type RankedSplit, type RankingTask } from "@attune/recommenders";
// On disk
export { loadTraining, type SavedTraining } from "./storage/load.ts";
export { readSafetensors, writeSafetensors } from "./storage/safetensors.ts";
export { saveTraining, trainingFiles } from "./storage/save.ts";
// Trainers
export {
  type Checkpoint,
  type DatasetShape,
  type FitHooks,
  type FittedModel,
  type Hyperparameters,
  isNeighbourModel,
  type NeighbourModel,
  type Tensors,
  type Trainer,
} from "./trainer.ts";
export { baseline, findTrainers, trainers } from "@attune/recommenders";
// The run
export type { ModelProjection, TrainingEvent } from "./training/events.ts";
export { trainingKey } from "./training/key.ts";
export type { TrainHooks, TrainOptions } from "./training/run.ts";
export { type TrainingResult, trainModels } from "./training/train-models.ts";
