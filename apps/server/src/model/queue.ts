/** The queue in front of a loaded model: what routes ask, by what a request of its task looks like. */
import type {
  Prediction,
  PredictRequest,
  RawValue,
  Recommendation,
  RecommendRequest,
} from "@attune/contracts";
import { type Answerer, defaultK, type RequestCheck } from "@attune/runtime";
import { createBatcher } from "./batcher.ts";

interface QueueOf<Kind extends string, Request, Answer> {
  readonly kind: Kind;
  /** Appends one line per problem of a request to `issues`. */
  readonly check: RequestCheck;
  /** One checked request, joined with others to a batch. */
  ask(request: Request): Promise<Answer>;
}

export type RecommendQueue = QueueOf<"recommend", RecommendRequest, Recommendation>;
export type PredictQueue = QueueOf<"predict", PredictRequest, Prediction>;
export type Queue = RecommendQueue | PredictQueue;

/** @param onBatch - called before each run with the number of requests in it. */
export function createQueue(answerer: Answerer, onBatch: (size: number) => void): Queue {
  if (answerer.task === "recommend") {
    const { personalizer } = answerer;
    return {
      kind: "recommend",
      check: personalizer.check,
      ask: createBatcher({ runMany: personalizer.recommendMany, entriesOf: recommendEntries, onBatch }),
    };
  }
  const { predictor } = answerer;
  const runMany: (requests: readonly PredictRequest[]) => Promise<readonly Prediction[]> =
    predictor.predictMany;
  return {
    kind: "predict",
    check: predictor.check,
    ask: createBatcher({ runMany, entriesOf: ({ inputs }) => setEntries(inputs), onBatch }),
  };
}

/** Ids sent, and ids asked for beyond the usual few. */
function recommendEntries(request: RecommendRequest): number {
  const { history, exclude = [], allow = [], features = {}, k = defaultK } = request;
  return history.length + exclude.length + allow.length + setEntries(features) + Math.max(0, k - defaultK);
}

/** A single value never widens a batch; a set does by its length. */
function setEntries(values: Readonly<Record<string, RawValue>>): number {
  let entries = 0;
  for (const value of Object.values(values)) if (Array.isArray(value)) entries += value.length;
  return entries;
}
