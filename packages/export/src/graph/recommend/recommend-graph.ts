/** The whole `recommend` graph: encoder in front, a model's fragment, fallback, masks and top-k behind. */
import { AttuneError, type DuplicateRule } from "@attune/contracts";
import { checkItemIds, encodeColumns, encodeHistory, type RecommendModel } from "@attune/features";
import { createGraph, type Model } from "@attune/onnx";
import { declareColumns } from "../column-inputs.ts";
import { finishGraph } from "../finish-graph.ts";
import { describeOrigin, type GraphOrigin, metadataKeys } from "../metadata.ts";
import { rankItems } from "./ranking.ts";
import { scoreOrFallBack } from "./scores.ts";

/** The longest requests an artifact is meant for. The graph itself has no limits; the personalizer checks them. */
export interface RequestLimits {
  readonly maxK: number;
  readonly maxHistory: number;
  readonly maxExclude: number;
  readonly maxAllow: number;
}

export interface RecommendGraphInput extends GraphOrigin {
  readonly model: RecommendModel;
  /** `[items]` scores of the fallback, higher is better, finite. */
  readonly popularity: Float32Array;
  /** `[items]` id per item index. */
  readonly itemIds: readonly string[];
  /** How repeats weigh in the distinct view. */
  readonly duplicates: DuplicateRule;
  /** `drop`: items of the history never come back. */
  readonly repeats: "drop" | "keep";
  readonly limits: RequestLimits;
}

/** Inputs and outputs that no column may be called. */
const ownNames = [
  ...["history", "history_weight", "history_time", "exclude", "allow", "k"],
  ...["items", "scores", "source", "unknown"],
];

/**
 * Builds the graph of docs/artifact.md. Same input, same model, byte for byte.
 *
 * Scopes: `history/` (encoder), `columns/` (features), `fallback/` (popularity), the model's kind (its fragment), `rank/`
 * (masks, top-k).
 *
 * @throws {AttuneError} `EXPORT_IDS` when the graph cannot hold an id, `EXPORT_COLUMNS` when it cannot take a column,
 * `EXPORT_NOT_FINITE` with every tensor that holds NaN or infinity, `EXPORT_CATALOGUE` when ids, popularity and
 * fragment differ in size, `ONNX_INVALID` when the fragment breaks the graph.
 */
export function buildRecommendGraph(input: RecommendGraphInput): Model {
  checkCatalogue(input);
  const { model, popularity, itemIds, duplicates, repeats } = input;
  const { needs = [], columns = [] } = model.fragment;
  const graph = createGraph();
  const history = graph.input("history", "string", ["batch", "length"]);
  const weight = graph.input("history_weight", "float32", ["batch", "length"]);
  const time = needs.includes("time") && {
    time: graph.input("history_time", "float64", ["batch", "length"]),
  };
  const exclude = graph.input("exclude", "string", ["batch", "excluded"]);
  const allow = graph.input("allow", "string", ["batch", "allowed"]);
  const raw = declareColumns(graph, columns, { taken: ownNames });
  const k = graph.input("k", "int64", [1]);

  const encoded = encodeHistory(
    graph.scope("history"),
    { history, weight, ...time, exclude, allow },
    { itemIds, duplicates, repeats, needs },
  );
  const encodedColumns = encodeColumns(graph.scope("columns"), columns, raw);
  const { scores, source } = scoreOrFallBack(graph, { model, popularity, encoded, columns: encodedColumns });
  const { hidden, allowed } = encoded;
  const ranked = rankItems(graph.scope("rank"), { scores, hidden, allowed, k, itemIds });

  // Dims of an output are part of the signature: they carry its words, not what inference made of them.
  graph.output("items", ranked.items, ["batch", "k"]);
  graph.output("scores", ranked.scores, ["batch", "k"]);
  graph.output("source", source, ["batch"]);
  graph.output("unknown", encoded.unknownCount, ["batch"]);
  return finishGraph(graph, { name: "recommend", metadata: describe(input), mayBeInfinite: "rank/" });
}

function checkCatalogue({ itemIds, popularity, model }: RecommendGraphInput): void {
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

function describe(input: RecommendGraphInput): Record<string, string> {
  const { itemIds, repeats, limits, model } = input;
  return {
    ...describeOrigin("recommend", model.kind, input),
    [metadataKeys.items]: String(itemIds.length),
    [metadataKeys.repeats]: repeats,
    [metadataKeys.maxK]: String(limits.maxK),
    [metadataKeys.maxHistory]: String(limits.maxHistory),
    [metadataKeys.maxExclude]: String(limits.maxExclude),
    [metadataKeys.maxAllow]: String(limits.maxAllow),
  };
}
