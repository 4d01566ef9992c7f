/**
 * The answer a runtime must give, in plain TypeScript: the trainer's own scores, then masks, ties and fallback. Shares
 * no code with the graph, on purpose; used only to write golden rows and to test the graph.
 */
import { type DuplicateRule, type RawValue, type ScoreSource, weightRange } from "@attune/contracts";
import { maxTimeSeconds, type RecommendModel, type ScoreContext } from "@attune/features";

export interface ReferenceInput {
  readonly model: RecommendModel;
  /** `[items]` */
  readonly popularity: Float32Array;
  /** `[items]` */
  readonly itemIds: readonly string[];
  readonly duplicates: DuplicateRule;
  readonly repeats: "drop" | "keep";
}

export interface ReferenceRequest {
  /** In the order it happened. */
  readonly history: readonly string[];
  /** Same length as `history`. */
  readonly weights: ArrayLike<number>;
  /** Epoch seconds, same length as `history`; NaN or left out: no time. */
  readonly times?: ArrayLike<number>;
  readonly exclude: readonly string[];
  /** Rank only these; empty: all. */
  readonly allow: readonly string[];
  readonly features?: Readonly<Record<string, RawValue>>;
  readonly k: number;
}

export interface ReferenceAnswer {
  /** Best first, without padding. */
  readonly items: readonly string[];
  readonly scores: readonly number[];
  readonly source: ScoreSource;
  readonly unknown: number;
}

/** Ranks the catalogue for one request: highest score first, ties by lower item index. */
export type Reference = (request: ReferenceRequest) => ReferenceAnswer;

/** An entry that counts. */
interface Entry {
  readonly item: number;
  readonly weight: number;
  readonly time: number;
}

export function createReference(input: ReferenceInput): Reference {
  const { model, popularity, itemIds, duplicates, repeats } = input;
  const indexOf = new Map(itemIds.map((id, index) => [id, index]));
  const known = (ids: readonly string[]) => new Set(ids.flatMap((id) => indexOf.get(id) ?? []));
  return (request) => {
    const { history, exclude, allow, k } = request;
    const entries = readEntries(request, indexOf);
    const hidden = known(repeats === "drop" ? [...history, ...exclude] : exclude);
    const allowed = allow.some((id) => id !== "") ? known(allow) : undefined;
    const isEmpty = entries.length === 0;
    const source = isEmpty || model.fragment.isImpersonal ? "fallback" : "model";
    const scores = isEmpty ? popularity : scoreEntries(model, entries, duplicates, request.features);
    const best = itemIds
      .map((_, index) => index)
      .filter((index) => !hidden.has(index) && (allowed === undefined || allowed.has(index)))
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, k);
    return {
      items: best.map((index) => itemIds[index]!),
      scores: best.map((index) => scores[index]!),
      source,
      unknown: history.filter((id) => id !== "" && !indexOf.has(id)).length,
    };
  };
}

function readEntries(
  { history, weights, times }: ReferenceRequest,
  indexOf: ReadonlyMap<string, number>,
): readonly Entry[] {
  return history.flatMap((id, at) => {
    const item = indexOf.get(id);
    const weight = weights[at]!;
    if (item === undefined || !(weight > 0)) return [];
    const clamped = Math.fround(Math.min(Math.max(weight, weightRange.min), weightRange.max));
    return [{ item, weight: clamped, time: times?.[at] ?? Number.NaN }];
  });
}

function scoreEntries(
  model: RecommendModel,
  entries: readonly Entry[],
  duplicates: DuplicateRule,
  features: Readonly<Record<string, RawValue>> | undefined,
): Float32Array {
  const { needs = [], columns = [] } = model.fragment;
  const weights = new Map<number, number[]>();
  for (const { item, weight } of entries) weights.set(item, [...(weights.get(item) ?? []), weight]);
  // Rising, as the trainer is promised: float32 sums depend on their order.
  const items = [...weights.keys()].sort((a, b) => a - b);
  const context: ScoreContext = {
    ...(needs.length > 0 && { ordered: orderEntries(entries, needs.includes("time")) }),
    ...(columns.length > 0 && {
      columns: Object.fromEntries(columns.map(({ name }) => [name, asFloat(features?.[name] ?? null)])),
    }),
  };
  return model.score(
    Int32Array.from(items),
    Float32Array.from(items, (item) => combiners[duplicates](weights.get(item)!)),
    context,
  );
}

/** From the weights of one item, oldest first, to its weight. */
const combiners: Readonly<Record<DuplicateRule, (weights: readonly number[]) => number>> = {
  last: (weights) => weights.at(-1)!,
  highest: (weights) => Math.max(...weights),
  sum: (weights) =>
    Math.min(
      weights.toSorted((a, b) => b - a).reduce((sum, weight) => Math.fround(sum + weight), 0),
      Math.fround(weightRange.max),
    ),
};

/** Ages are 0 for a model that does not ask for time: its graph takes none. */
function orderEntries(entries: readonly Entry[], hasTime: boolean): NonNullable<ScoreContext["ordered"]> {
  const newest = Math.max(...entries.map(({ time }) => time).filter(isTime));
  return {
    items: Int32Array.from(entries, ({ item }) => item),
    weights: Float32Array.from(entries, ({ weight }) => weight),
    ages: Float32Array.from(entries, ({ time }) => (hasTime && isTime(time) ? newest - time : 0)),
  };
}

function isTime(seconds: number): boolean {
  return Math.abs(seconds) <= maxTimeSeconds;
}

/** Numbers enter a graph as float32. */
function asFloat(value: RawValue): RawValue {
  return typeof value === "number" ? Math.fround(value) : value;
}
