/** A recommender small enough to check by hand: what the tiny graph computes, in plain TypeScript. */
import type { Recommendation } from "@attune/contracts";
import { type TinyRow, tinyContext } from "../columns/tiny-columns.ts";
import { seeded } from "../seeded.ts";
import { secondsPerDay } from "./signature.ts";

/** A catalogue with a weight between each two items. */
export interface TinyCatalogue {
  /** `[items]`, most popular first. */
  readonly ids: readonly string[];
  /** `[items, items]` row-major: score added to column j by a history item i of weight 1. */
  readonly weights: Float32Array;
  /** `[items]` scores when nothing is known of the user, falling. */
  readonly popularity: Float32Array;
  /**
   * `[items]` score added per unit of `tinyContext`. With it the graph takes `history_time` and the tiny columns, and
   * a weight is divided by one plus its age in days.
   */
  readonly contextWeights?: Float32Array;
}

/** A seeded catalogue; ids include non-ASCII ones. */
export function tinyCatalogue(itemCount = 12, seed = 7): TinyCatalogue {
  const random = seeded(seed);
  return {
    ids: Array.from({ length: itemCount }, (_, index) =>
      index % 5 === 4 ? `žánr-${index}` : `item-${index}`,
    ),
    weights: random.uniform(itemCount * itemCount, -1, 1),
    popularity: Float32Array.from({ length: itemCount }, (_, index) => 1 / (index + 1)),
  };
}

/** The seeded catalogue with a graph that takes times and columns. */
export function contextualCatalogue(): TinyCatalogue {
  const catalogue = tinyCatalogue();
  return { ...catalogue, contextWeights: seeded(11).uniform(catalogue.ids.length, -1, 1) };
}

export interface TinyRequest {
  readonly ids: readonly string[];
  readonly weights: ArrayLike<number>;
  /** Epoch seconds, NaN where there is none; absent: none at all. */
  readonly times?: ArrayLike<number> | undefined;
  readonly exclude: readonly string[];
  /** Without an id: the whole catalogue. */
  readonly allow?: readonly string[] | undefined;
  readonly features?: TinyRow | undefined;
  readonly k: number;
}

/** The contract of the recommend graph for one row: repeats count once with their largest weight, ties by index. */
export function recommendTiny(catalogue: TinyCatalogue, request: TinyRequest): Recommendation {
  const { ids, popularity } = catalogue;
  const history = distinctHistory(catalogue, request);
  const isKnown = history.some((weight) => weight > 0);
  const scores = isKnown ? modelScores(catalogue, history, request.features ?? {}) : popularity;
  const { exclude, allow = [] } = request;
  const isRestricted = allow.some((id) => id !== "");
  const order = Array.from(ids.keys())
    .filter((index) => {
      const id = ids[index]!;
      return history[index] === 0 && !exclude.includes(id) && (!isRestricted || allow.includes(id));
    })
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, request.k);
  return {
    ids: order.map((index) => ids[index]!),
    scores: order.map((index) => scores[index]!),
    source: isKnown ? "model" : "fallback",
    unknown: request.ids.filter((id) => id !== "" && !ids.includes(id)).length,
  };
}

/** `[items]` largest weight per item, aged where the graph takes times. */
function distinctHistory({ ids, contextWeights }: TinyCatalogue, request: TinyRequest): Float32Array {
  const indexes = request.ids.map((id) => ids.indexOf(id));
  const times = Array.from(request.ids, (_, position) =>
    contextWeights === undefined || indexes[position]! < 0
      ? Number.NaN
      : (request.times?.[position] ?? Number.NaN),
  );
  const newest = Math.max(...times.filter((time) => !Number.isNaN(time)));
  const history = new Float32Array(ids.length);
  indexes.forEach((index, position) => {
    if (index < 0) return;
    const time = times[position]!;
    const ageDays = Number.isNaN(time) ? 0 : Math.fround((newest - time) / secondsPerDay);
    const weight = Math.fround(request.weights[position]! / Math.fround(ageDays + 1));
    history[index] = Math.max(history[index]!, weight);
  });
  return history;
}

function modelScores(
  { weights, contextWeights }: TinyCatalogue,
  history: Float32Array,
  features: TinyRow,
): Float32Array {
  const size = history.length;
  const scores = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) scores[j]! += history[i]! * weights[i * size + j]!;
  }
  if (contextWeights !== undefined) {
    const context = Math.fround(tinyContext(features));
    for (let j = 0; j < size; j++) scores[j]! += Math.fround(context * contextWeights[j]!);
  }
  return scores;
}
