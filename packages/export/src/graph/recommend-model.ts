/** The whole `recommend` graph: encoder in front, a model's fragment, masking, fallback and top-k behind. */
import { AttuneError } from "@attune/contracts";
import { recommendSignatureVersion } from "@attune/contracts/manifest";
import { checkItemIds, encodeHistory, type ScoringModel } from "@attune/features";
import { createGraph, type Model } from "@attune/onnx";
import { listNotFinite } from "./not-finite.ts";
import { rankItems, scoreOrFallBack } from "./ranking.ts";

/** The longest requests an artifact is meant for. The graph itself has no limits; the personalizer checks them. */
export interface RequestLimits {
  readonly maxK: number;
  readonly maxHistory: number;
  readonly maxExclude: number;
}

export interface RecommendModelInput {
  /** The artifact's name. */
  readonly name: string;
  readonly model: ScoringModel;
  /** `[items]` scores of the fallback, higher is better, finite. */
  readonly popularity: Float32Array;
  /** `[items]` id per item index. */
  readonly itemIds: readonly string[];
  readonly dataKey: string;
  readonly trainingKey: string;
  readonly limits: RequestLimits;
}

/** Keys of `metadata_props`: enough to serve the file without its manifest. */
export const metadataKeys = {
  task: "attune.task",
  signature: "attune.signature",
  name: "attune.name",
  kind: "attune.kind",
  items: "attune.items",
  dataKey: "attune.data_key",
  trainingKey: "attune.training_key",
  maxK: "attune.max_k",
  maxHistory: "attune.max_history",
  maxExclude: "attune.max_exclude",
} as const;

/**
 * Builds the graph of docs/artifact.md. Same input, same model, byte for byte.
 *
 * Scopes: `history/` (encoder), `fallback/` (popularity), the model's kind (its fragment), `rank/` (mask, top-k).
 *
 * @throws {AttuneError} `EXPORT_IDS` when the graph cannot hold an id, `EXPORT_NOT_FINITE` with every tensor that
 * holds NaN or infinity, `EXPORT_CATALOGUE` when ids, popularity and fragment differ in size, `ONNX_INVALID` when
 * the fragment breaks the graph.
 */
export function buildRecommendModel(input: RecommendModelInput): Model {
  checkCatalogue(input);
  const { model, popularity, itemIds } = input;
  const graph = createGraph();
  const history = graph.input("history", "string", ["batch", "length"]);
  const weight = graph.input("history_weight", "float32", ["batch", "length"]);
  const exclude = graph.input("exclude", "string", ["batch", "excluded"]);
  const k = graph.input("k", "int64", [1]);

  const encoded = encodeHistory(graph.scope("history"), { history, weight, exclude }, itemIds);
  const { scores, source } = scoreOrFallBack(graph, { model, popularity, encoded });
  const ranked = rankItems(graph.scope("rank"), { scores, hidden: encoded.hidden, k, itemIds });

  // Dims of an output are part of the signature: they carry its words, not what inference made of them.
  graph.output("items", ranked.items, ["batch", "k"]);
  graph.output("scores", ranked.scores, ["batch", "k"]);
  graph.output("source", source, ["batch"]);
  graph.output("unknown", encoded.unknownCount, ["batch"]);
  const built = graph.build({ name: "recommend", metadata: describe(input) });

  const tensors = listNotFinite(built, "rank/");
  if (tensors.length > 0) throw new AttuneError("EXPORT_NOT_FINITE", { tensors });
  return built;
}

function checkCatalogue({ itemIds, popularity, model }: RecommendModelInput): void {
  const issues = checkItemIds(itemIds);
  if (issues.length > 0) throw new AttuneError("EXPORT_IDS", { issues });
  const sizes = {
    ids: itemIds.length,
    popularity: popularity.length,
    [model.kind]: model.fragment.itemCount,
  };
  if (itemIds.length === 0 || new Set(Object.values(sizes)).size > 1) {
    throw new AttuneError("EXPORT_CATALOGUE", { sizes });
  }
}

function describe(input: RecommendModelInput): Record<string, string> {
  return {
    [metadataKeys.task]: "recommend",
    [metadataKeys.signature]: String(recommendSignatureVersion),
    [metadataKeys.name]: input.name,
    [metadataKeys.kind]: input.model.kind,
    [metadataKeys.items]: String(input.itemIds.length),
    [metadataKeys.dataKey]: input.dataKey,
    [metadataKeys.trainingKey]: input.trainingKey,
    [metadataKeys.maxK]: String(input.limits.maxK),
    [metadataKeys.maxHistory]: String(input.limits.maxHistory),
    [metadataKeys.maxExclude]: String(input.limits.maxExclude),
  };
}
