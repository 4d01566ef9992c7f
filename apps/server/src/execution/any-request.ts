/** Requests and answers, whatever the task. */
import type { Prediction, PredictRequest, Recommendation, RecommendRequest } from "@attune/contracts";

export type AnyRequest = RecommendRequest | PredictRequest;
export type AnyAnswer = Recommendation | Prediction;
