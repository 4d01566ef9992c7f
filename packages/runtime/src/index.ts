/** Request in, answer out: personalizer and predictor over a `Session`. Layer 2, isomorphic; imports only contracts. */

// Whatever the task
export { type Answerer, assertTask, createAnswerer } from "./answerer.ts";
// Parity with the trainer
export { assertParity, type MeasuredParity, measureParity } from "./parity/measure-parity.ts";
export { parityTolerance } from "./parity/tolerance.ts";
// Rows of columns
export { createPredictor, type Predictor } from "./predict/predictor.ts";
// Histories
export { defaultK } from "./recommend/encode-batch.ts";
export { createPersonalizer, type Personalizer } from "./recommend/personalizer.ts";
export type { RequestCheck } from "./request/answer.ts";
// For adapters of inference engines
export { checkFeeds, checkFetches } from "./session/check-feeds.ts";
export {
  createEngineSession,
  type Engine,
  type EngineTensor,
  type EngineValueMetadata,
} from "./session/engine-session.ts";
