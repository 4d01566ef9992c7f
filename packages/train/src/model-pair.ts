/** A chosen model and the baseline behind it, fitted on the same data. */
import type { TaskName } from "@attune/contracts";
import type { FittedModel } from "./model.ts";
import type { FeatureSchema } from "./task.ts";

export interface ModelPair<T extends TaskName = TaskName> {
  /** Within the size budget. */
  readonly chosen: FittedModel<T>;
  /** What is answered where the model has nothing to go by; may be `chosen` itself. */
  readonly baseline: FittedModel<T>;
  /** Columns, classes and levels both were fitted with. */
  readonly schema: FeatureSchema;
}
