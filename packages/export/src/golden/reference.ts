/**
 * The answer a runtime must give, in plain TypeScript: the trainer's own scores, then masks, ties and fallback. Shares
 * no code with the graph, on purpose; used only to write golden rows and to test the graph.
 */
import { type ScoreSource, weightRange } from "@attune/contracts";
import type { ScoringModel } from "@attune/features";

export interface ReferenceInput {
  readonly model: ScoringModel;
  /** `[items]` */
  readonly popularity: Float32Array;
  /** `[items]` */
  readonly itemIds: readonly string[];
}

export interface ReferenceRequest {
  readonly history: readonly string[];
  /** Same length as `history`. */
  readonly weights: ArrayLike<number>;
  readonly exclude: readonly string[];
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

export function createReference({ model, popularity, itemIds }: ReferenceInput): Reference {
  const indexOf = new Map(itemIds.map((id, index) => [id, index]));
  return ({ history, weights, exclude, k }) => {
    const counted = new Map<number, number>();
    const hidden = new Set<number>();
    let unknown = 0;
    history.forEach((id, at) => {
      if (id === "") return;
      const index = indexOf.get(id);
      if (index === undefined) {
        unknown += 1;
        return;
      }
      hidden.add(index);
      const weight = weights[at]!;
      if (weight > 0) counted.set(index, Math.max(counted.get(index) ?? 0, clamp(weight)));
    });
    for (const id of exclude) {
      const index = indexOf.get(id);
      if (index !== undefined) hidden.add(index);
    }
    const source = counted.size === 0 ? "fallback" : "model";
    // Rising, as the trainer is promised: float32 sums depend on their order.
    const items = [...counted.keys()].sort((a, b) => a - b);
    const scores =
      source === "fallback"
        ? popularity
        : model.score(
            Int32Array.from(items),
            Float32Array.from(items, (item) => counted.get(item)!),
          );
    const best = itemIds
      .map((_, index) => index)
      .filter((index) => !hidden.has(index))
      .sort((a, b) => scores[b]! - scores[a]! || a - b)
      .slice(0, k);
    return {
      items: best.map((index) => itemIds[index]!),
      scores: best.map((index) => scores[index]!),
      source,
      unknown,
    };
  };
}

function clamp(weight: number): number {
  return Math.fround(Math.min(Math.max(weight, weightRange.min), weightRange.max));
}
