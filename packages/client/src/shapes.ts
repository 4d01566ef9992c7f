/** Whether an answer is what its type says, as far as a caller would stumble over it. */
import type { Items, Model, Prediction, Readiness, Recommendation } from "./api.ts";

type Shape<Value> = (value: unknown) => value is Value;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isRecommendation(value: unknown): value is Recommendation {
  if (!isObject(value)) return false;
  const { ids, scores, source } = value;
  return (
    Array.isArray(ids) &&
    Array.isArray(scores) &&
    ids.length === scores.length &&
    (source === "model" || source === "fallback")
  );
}

export function isPrediction(value: unknown): value is Prediction {
  if (!isObject(value)) return false;
  const { label, value: number, mean } = value;
  return typeof label === "string" || typeof number === "number" || typeof mean === "number";
}

/** `{ results }` with exactly as many as were asked for. */
export function areResults<Value>(
  is: Shape<Value>,
  count: number,
): Shape<{ readonly results: readonly Value[] }> {
  return (value): value is { readonly results: readonly Value[] } =>
    isObject(value) &&
    Array.isArray(value.results) &&
    value.results.length === count &&
    value.results.every(is);
}

export function isModel(value: unknown): value is Model {
  return isObject(value) && isObject(value.manifest) && typeof value.sha256 === "string";
}

export function isItems(value: unknown): value is Items {
  return isObject(value) && Array.isArray(value.items) && Array.isArray(value.unknown);
}

export function isReadiness(value: unknown): value is Readiness {
  return isObject(value) && typeof value.state === "string" && Array.isArray(value.reasons);
}
