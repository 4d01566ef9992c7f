/** Golden rows of `recommend`: requests and the trainer's answers, written with every artifact. */
import type { RawValue } from "@attune/contracts";
import { type GoldenFile, type GoldenRow, goldenFileVersion } from "@attune/contracts/manifest";
import { createRandom } from "@attune/numeric";
import type { RequestLimits } from "../../graph/recommend/recommend-graph.ts";
import { createEdgeRequests, type NamedRequest } from "./edge-requests.ts";
import { createReference, type ReferenceInput } from "./reference.ts";

/** A user's history as a request would send it; nothing says who it was. */
export interface UserHistory {
  /** Oldest first, repeats as they happened. */
  readonly ids: readonly string[];
  /** Same length as `ids`, > 0. */
  readonly weights: ArrayLike<number>;
  /** Epoch seconds, same length as `ids`. Default: no times. */
  readonly times?: ArrayLike<number>;
  /** User and context columns. Default: all missing. */
  readonly features?: Readonly<Record<string, RawValue>>;
}

export interface GoldenInput extends ReferenceInput {
  /** Real histories, the most telling first (held-out users). Taken from the front. */
  readonly histories: readonly UserHistory[];
  readonly limits: RequestLimits;
  readonly seed: number;
  /** Rows wanted in all; edge rows come first and are never dropped. Default 64. */
  readonly count?: number;
}

/** User rows that are written even when the edge rows alone reach the count. */
const minUserRows = 4;
/** The list length of user rows, in turn. */
const userKs = [10, 20, 5, 50];

/**
 * Edge rows and rows of real users, each with the answer of the trainer's own code. Same input, same rows.
 *
 * Histories longer than the limit keep their newest entries. Times stand only in rows of a model that asks for them.
 */
export function createGoldenRows(input: GoldenInput): GoldenFile<"recommend"> {
  const { histories, limits, seed, count = 64, itemIds, model } = input;
  const { fragment } = model;
  const reference = createReference(input);
  const random = createRandom(seed).fork("golden");
  const edges = createEdgeRequests({ itemIds, limits, fragment, random });
  const users = histories
    .slice(0, Math.max(minUserRows, count - edges.length))
    .map((history, index) => userRequest(history, index, input));
  const rows = [...edges, ...users].map((request): GoldenRow<"recommend"> => {
    const { name, history, weights, times, exclude, allow, features, k } = request;
    const answer = reference(request);
    return {
      name,
      history: [...history],
      weights: Array.from(weights),
      ...(times && { times: Array.from(times) }),
      exclude: [...exclude],
      allow: [...allow],
      ...(features && { features: { ...features } }),
      k,
      expected: { ...answer, items: [...answer.items], scores: [...answer.scores] },
    };
  });
  return {
    schemaVersion: goldenFileVersion,
    task: "recommend",
    reference: `scores of the ${model.kind} trainer, ranked in plain TypeScript`,
    rows,
  };
}

function userRequest(
  { ids, weights, times, features }: UserHistory,
  index: number,
  { limits, model }: GoldenInput,
): NamedRequest {
  const { needs = [], columns = [] } = model.fragment;
  const from = Math.max(0, ids.length - limits.maxHistory);
  return {
    name: "user",
    history: ids.slice(from),
    weights: Array.from(weights).slice(from),
    ...(times && needs.includes("time") && { times: Array.from(times).slice(from) }),
    exclude: [],
    allow: [],
    ...(features &&
      columns.length > 0 && {
        features: Object.fromEntries(columns.map(({ name }) => [name, features[name] ?? null])),
      }),
    k: Math.min(userKs[index % userKs.length]!, limits.maxK),
  };
}
