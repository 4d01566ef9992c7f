/** The nouns of Attune. Imports nothing but zod/mini; every layer may import it. */

// Dataset in memory
export { type Dataset, type EventRole, eventRole, type Interactions, type ItemDetails } from "./dataset.ts";
// Errors
export {
  AttuneError,
  type ErrorCode,
  type ErrorDetails,
  errorMessages,
  isAttuneError,
  type WireError,
} from "./errors/index.ts";
// Recommend task
export {
  type HistoryEntry,
  type Recommendation,
  type RecommendRequest,
  recommendRequest,
  type ScoreSource,
  weightRange,
} from "./recommend.ts";
// Session port
export type { CreateSession, RunOptions, RuntimeInfo, Session, SessionOptions } from "./session.ts";
export type { DataType, Dim, Tensor, TensorDataMap, ValueInfo } from "./tensor.ts";
