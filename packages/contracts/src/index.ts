/** The nouns of Attune. Imports nothing but zod/mini; every layer may import it. */

// Datasets in memory, by task
export {
  type Catalogue,
  type ClassifyDataset,
  type Dataset,
  type DatasetByTask,
  type EventRole,
  eventRole,
  type HierarchicalDataset,
  type ItemDetails,
  type MeasuredInteractions,
  type RecommendDataset,
  type RegressDataset,
  type ReleasedInteractions,
  type TabularData,
} from "./dataset.ts";
// Errors
export {
  AttuneError,
  type ErrorCode,
  type ErrorDetails,
  errorMessages,
  httpStatus,
  isAttuneError,
  type WireError,
} from "./errors/index.ts";
// Events
export {
  type DuplicateRule,
  distinctInteractions,
  duplicateRules,
  type Interactions,
} from "./interactions.ts";
// Tasks that take rows of columns
export {
  classification,
  intervalPrediction,
  type Prediction,
  type PredictionByTask,
  type PredictRequest,
  type PredictTask,
  predictRequest,
  type RawValue,
  rawValue,
  regression,
} from "./predict.ts";
// Recommend task
export {
  type HistoryEntry,
  maxIdLength,
  type Recommendation,
  type RecommendRequest,
  recommendRequest,
  type ScoreSource,
  weightRange,
} from "./recommend.ts";
// Session port
export type { CreateSession, RunOptions, RuntimeInfo, Session, SessionOptions } from "./session.ts";
// Tables
export {
  type Column,
  type ColumnKind,
  type ColumnSchema,
  columnKinds,
  rawRow,
  schemaOf,
  type Table,
  takeColumn,
  takeRows,
} from "./table.ts";
export { type TaskName, taskNames } from "./task.ts";
export type { DataType, Dim, Tensor, TensorDataMap, ValueInfo } from "./tensor.ts";
