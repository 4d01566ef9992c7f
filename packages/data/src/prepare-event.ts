/** What `prepareDataset` tells while it works. */
import type { RuleReport } from "@attune/contracts/manifest";

/** The steps in their order. */
export type PrepareStep = "scan" | "read" | "clean" | "split" | "write";

export type PrepareEvent =
  /** A step begins. */
  | { readonly type: "step"; readonly name: PrepareStep }
  /** A cleaning rule has run. */
  | { readonly type: "rule"; readonly report: RuleReport }
  /** Items of the dataset that the items file does not describe; their id stands for the title. */
  | { readonly type: "items-without-title"; readonly count: number }
  /** The dataset stands; `cached` when it stood before. */
  | { readonly type: "done"; readonly dir: string; readonly cached: boolean };

export type OnPrepareEvent = (event: PrepareEvent) => void;
