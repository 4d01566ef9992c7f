/** Requests of any task to whatever answers them: the same in Node and in the page. */
import type { Prediction, PredictRequest, Recommendation, RecommendRequest } from "@attune/contracts";
import type { Answerer } from "@attune/runtime";

export async function answerAll(
  answerer: Answerer,
  requests: readonly (RecommendRequest | PredictRequest)[],
): Promise<readonly (Recommendation | Prediction)[]> {
  if (answerer.task === "recommend") {
    return answerer.personalizer.recommendMany(requests.filter((request) => "history" in request));
  }
  return answerer.predictor.predictMany(requests.filter((request) => "inputs" in request));
}
