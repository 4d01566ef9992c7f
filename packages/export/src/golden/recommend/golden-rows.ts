/** Golden rows of `recommend`: requests and the trainer's answers, written with every artifact. */
import { type GoldenFile, type GoldenRow, goldenFileVersion } from "@attune/contracts/manifest";
import { createRandom } from "@attune/numeric";
import type { RequestLimits } from "../../graph/recommend/recommend-graph.ts";
import { createDisclosureRule } from "../made-up/disclosure.ts";
import { createMadeUpHistories, type MadeUpHistory } from "../made-up/histories.ts";
import { createCrowd, type People } from "../made-up/people.ts";
import { createEdgeRequests, type NamedRequest } from "./edge-requests.ts";
import { createReference, type ReferenceInput } from "./reference.ts";

export interface GoldenInput extends ReferenceInput {
  /** What histories are made up from, and held against: none of them is a person's. */
  readonly people: People;
  readonly limits: RequestLimits;
  readonly seed: number;
  /** Rows wanted in all; edge rows come first and are never dropped. Default 64. */
  readonly count?: number;
}

/** Made-up rows that are written even when the edge rows alone reach the count. */
const minMadeUpRows = 4;
/** The list length of made-up rows, in turn. */
const madeUpKs = [10, 20, 5, 50];

/**
 * Edge rows and made-up histories, each with the answer of the trainer's own code. Same input, same rows.
 *
 * The rows go with the model wherever it goes, so no history in them says anything of one person (`DisclosureRule`): they
 * are random walks over what people had together, drawn again until the rule holds. Times stand only in rows of a model
 * that asks for them.
 */
export function createGoldenRows(input: GoldenInput): GoldenFile<"recommend"> {
  const { people, limits, seed, count = 64, itemIds, model } = input;
  const { fragment } = model;
  const reference = createReference(input);
  const random = createRandom(seed).fork("golden");
  const crowd = createCrowd(people.events);
  const rule = createDisclosureRule(crowd, itemIds);
  const edges = createEdgeRequests({ itemIds, limits, fragment, rule, random });
  const { columns = [] } = fragment;
  const { maxHistory } = limits;
  const source = { people, crowd, rule, itemIds, columns, maxHistory, random: random.fork("made-up") };
  const madeUp = createMadeUpHistories(source, Math.max(minMadeUpRows, count - edges.length));
  const requests = madeUp.map((history, index) => toRequest(history, index, input));
  const rows = [...edges, ...requests].map((request): GoldenRow<"recommend"> => {
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

function toRequest(
  { ids, weights, times, features }: MadeUpHistory,
  index: number,
  { limits, model }: GoldenInput,
): NamedRequest {
  const { needs = [], columns = [] } = model.fragment;
  return {
    name: "made-up",
    history: ids,
    weights,
    ...(needs.includes("time") && { times }),
    exclude: [],
    allow: [],
    ...(columns.length > 0 && { features }),
    k: Math.min(madeUpKs[index % madeUpKs.length]!, limits.maxK),
  };
}
