import { AttuneError } from "@attune/contracts";
import type { GraphBuilder, Model } from "@attune/onnx";
import { listNotFinite } from "./not-finite.ts";

export interface FinishOptions {
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Scope whose own constants may be infinite or NaN. Default: none. */
  readonly mayBeInfinite?: string;
}

/**
 * The finished model, its weights looked at.
 *
 * @throws {AttuneError} `EXPORT_NOT_FINITE` with every tensor that holds NaN or infinity, `ONNX_INVALID` when a fragment
 * broke the graph.
 */
export function finishGraph(graph: GraphBuilder, { name, metadata, mayBeInfinite }: FinishOptions): Model {
  const built = graph.build({ name, metadata });
  const tensors = listNotFinite(built, mayBeInfinite);
  if (tensors.length > 0) throw new AttuneError("EXPORT_NOT_FINITE", { tensors });
  return built;
}
