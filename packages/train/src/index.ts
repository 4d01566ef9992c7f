/** Task-neutral training: a dataset, a task and its trainers in; a leaderboard and a model to release out. Node only. */

// An older Node is refused before anything else loads.
import "@attune/store/require-node";

// The run
export type { LeftOut, ModelProjection, TrainingEvent } from "./events.ts";
export { trainingKey } from "./key.ts";
// Models
export { type FittedModel, shrinkModel, type Tensors } from "./model.ts";
export type { ModelPair } from "./model-pair.ts";
export type { Need } from "./need.ts";
// For trainers
export { checkAborted, pause } from "./pause.ts";
// Tasks that learn from rows
export { classifyTask } from "./rows/classify.ts";
export { hierarchicalTask } from "./rows/hierarchical.ts";
export { regressTask } from "./rows/regress.ts";
export type { TrainHooks, TrainOptions } from "./run.ts";
export { readSafetensors, writeSafetensors } from "./safetensors.ts";
export { expandGrid, parseConfig, type SearchGrid } from "./search-grid.ts";
// On disk
export { loadTraining, type SavedTraining } from "./storage/load.ts";
export { saveTraining, trainingFiles } from "./storage/save.ts";
// Tasks
export type {
  Data,
  Evaluation,
  EvaluationSlice,
  FeatureSchema,
  JudgedSplit,
  JudgeOptions,
  Metric,
  RecommendData,
  RecommendShape,
  RowData,
  RowShape,
  Shape,
  Stage,
  Task,
} from "./task.ts";
export { type TrainingResult, trainModels } from "./train-models.ts";
// Trainers
export {
  type Checkpoint,
  defineTrainer,
  type Family,
  type FitHooks,
  type Hyperparameters,
  type Trainer,
} from "./trainer.ts";
