/** Golden rows: requests and the trainer's answers, written with every artifact. */
import type { GoldenFile, GoldenRow } from "@attune/contracts/manifest";
import { createRandom } from "@attune/numeric";
import type { RequestLimits } from "../graph/recommend-model.ts";
import { createEdgeRequests, type NamedRequest } from "./edge-requests.ts";
import { createReference, type ReferenceInput } from "./reference.ts";

/** A user's history as a request would send it; nothing says who it was. */
export interface UserHistory {
  readonly ids: readonly string[];
  /** Same length as `ids`, > 0. */
  readonly weights: ArrayLike<number>;
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
 * Histories longer than the limit keep their newest entries.
 */
export function createGoldenRows(input: GoldenInput): GoldenFile {
  const { histories, limits, seed, count = 64, itemIds, model } = input;
  const reference = createReference(input);
  const edges = createEdgeRequests({ itemIds, limits, random: createRandom(seed).fork("golden") });
  const users = histories
    .slice(0, Math.max(minUserRows, count - edges.length))
    .map(({ ids, weights }, index): NamedRequest => {
      const from = Math.max(0, ids.length - limits.maxHistory);
      return {
        name: "user",
        history: ids.slice(from),
        weights: Array.from(weights).slice(from),
        exclude: [],
        k: Math.min(userKs[index % userKs.length]!, limits.maxK),
      };
    });
  const rows = [...edges, ...users].map((request): GoldenRow => {
    const { name, history, weights, exclude, k } = request;
    const answer = reference(request);
    return {
      name,
      history: [...history],
      weights: Array.from(weights),
      exclude: [...exclude],
      k,
      expected: { ...answer, items: [...answer.items], scores: [...answer.scores] },
    };
  });
  return {
    schemaVersion: 1,
    reference: `scores of the ${model.kind} trainer, ranked in plain TypeScript`,
    rows,
  };
}
