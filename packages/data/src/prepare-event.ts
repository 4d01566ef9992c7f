/** What `prepareDataset` tells while it works. */
import type { RuleReport } from "@attune/contracts/manifest";

/** The steps in their order. */
export type PrepareStep = "scan" | "read" | "split" | "clean" | "write";

export type PrepareEvent =
  /** A step begins. */
  | { readonly type: "step"; readonly name: PrepareStep }
  /** A cleaning rule has run. */
  | { readonly type: "rule"; readonly report: RuleReport }
  /** What a reader should know of the data, one sentence; the manifest keeps it too. */
  | { readonly type: "note"; readonly text: string }
  /** The dataset stands; `cached` when it stood before. */
  | { readonly type: "done"; readonly dir: string; readonly cached: boolean };

export type OnPrepareEvent = (event: PrepareEvent) => void;
