/** What the size budget costs the chosen model, against the model as it was fitted. */
import type { TaskName } from "@attune/contracts";
import type { Pruning } from "@attune/contracts/manifest";
import { bootstrapDifference, bootstrapMean } from "@attune/metrics";
import { type FittedModel, shrinkModel } from "./model.ts";
import { judge, type Run, type SearchResult } from "./run.ts";

/** On the choosing units, by the model fitted on train events; absent when the budget costs nothing. */
export async function measurePruning<T extends TaskName>(
  run: Run<T>,
  { model }: SearchResult<T>,
  baseline: FittedModel<T>,
): Promise<Pruning | undefined> {
  const pruned = shrinkModel(model, run.sizeBudget);
  if (pruned === model || run.sizeBudget === undefined) return undefined;
  const on = { split: "validation", units: run.units.choosing } as const;
  const { name } = run.metric;
  const before = (await judge(run, model, baseline, on)).perUnit[name]!;
  const after = (await judge(run, pruned, baseline, on)).perUnit[name]!;
  const pruning: Pruning = {
    budgetBytes: run.sizeBudget,
    kept: pruned.kept ?? "the strongest weights",
    bytesBefore: model.fragment.bytes,
    bytesAfter: pruned.fragment.bytes,
    metric: name,
    before: bootstrapMean(before, run.bootstrap),
    after: bootstrapMean(after, run.bootstrap),
    change: bootstrapDifference(after, before, run.bootstrap),
  };
  run.emit({ type: "pruned", kind: model.kind, ...pruning });
  return pruning;
}
