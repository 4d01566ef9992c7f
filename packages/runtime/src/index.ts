/** Request in, slate out: the personalizer over a `Session`. Layer 2, isomorphic; imports only contracts. */

// Parity with the trainer
export { assertParity, type MeasuredParity, measureParity, parityTolerance } from "./parity.ts";
// Personalizer
export { createPersonalizer, type Personalizer } from "./personalizer.ts";
export { checkRequest, type RequestLimits } from "./request/check-request.ts";
export { defaultK } from "./request/encode-batch.ts";
// For adapters of inference engines
export { checkFeeds, checkFetches } from "./session/check-feeds.ts";
export {
  createEngineSession,
  type Engine,
  type EngineTensor,
  type EngineValueMetadata,
} from "./session/engine-session.ts";
