/** A nested tfjs model keeps the mask of its first call and uses it in all later ones; a trace must start without. */
import type { Layer } from "../layers/layer.ts";

interface CallNode {
  readonly callArgs?: { mask?: unknown } | null;
}

/** Runs `body` as the first call of the nested models among the layers, and gives back the masks they kept. */
export function withoutCallMasks<Result>(layers: readonly Layer[], body: () => Result): Result {
  const kept = layers.flatMap(listCallArgs).map((callArgs) => ({ callArgs, mask: callArgs.mask }));
  try {
    for (const { callArgs } of kept) delete callArgs.mask;
    return body();
  } finally {
    for (const { callArgs, mask } of kept) {
      if (mask === undefined) delete callArgs.mask;
      else callArgs.mask = mask;
    }
  }
}

function listCallArgs(layer: Layer): { mask?: unknown }[] {
  const nodes: unknown = Reflect.get(layer, "inboundNodes");
  return (Array.isArray(nodes) ? (nodes as CallNode[]) : []).flatMap(({ callArgs }) => callArgs ?? []);
}
