/** What a model file says of itself: enough to serve it without its manifest. */
import type { TaskName } from "@attune/contracts";
import { signatureVersions } from "@attune/contracts/manifest";

/** Keys of `metadata_props`. */
export const metadataKeys = {
  task: "attune.task",
  signature: "attune.signature",
  name: "attune.name",
  kind: "attune.kind",
  dataKey: "attune.data_key",
  trainingKey: "attune.training_key",
  items: "attune.items",
  repeats: "attune.repeats",
  maxK: "attune.max_k",
  maxHistory: "attune.max_history",
  maxExclude: "attune.max_exclude",
  maxAllow: "attune.max_allow",
} as const;

/** Where a graph comes from. */
export interface GraphOrigin {
  /** The artifact's name. */
  readonly name: string;
  readonly dataKey: string;
  readonly trainingKey: string;
}

/** The entries that every task has. */
export function describeOrigin(
  task: TaskName,
  kind: string,
  { name, dataKey, trainingKey }: GraphOrigin,
): Record<string, string> {
  return {
    [metadataKeys.task]: task,
    [metadataKeys.signature]: String(signatureVersions[task]),
    [metadataKeys.name]: name,
    [metadataKeys.kind]: kind,
    [metadataKeys.dataKey]: dataKey,
    [metadataKeys.trainingKey]: trainingKey,
  };
}
