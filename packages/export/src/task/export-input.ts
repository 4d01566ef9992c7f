/** What an export is made from, by task. */
import type { ItemDetails, Table, TaskName } from "@attune/contracts";
import type { ProjectConfig } from "@attune/contracts/config";
import type { DatasetManifest, TrainingManifest } from "@attune/contracts/manifest";
import type { ScoringModel } from "@attune/features";
import type { People } from "../golden/made-up/people.ts";

interface CommonInput<T extends TaskName> {
  /** Folder of all artifacts; the artifact goes to `<outDir>/<config.name>/<version>/`. */
  readonly outDir: string;
  /** Its task says which graph is built. */
  readonly config: ProjectConfig<T>;
  readonly dataset: DatasetManifest<T>;
  readonly training: TrainingManifest<T>;
  readonly model: ScoringModel<T>;
  /** Tool → version, for the manifest. */
  readonly tools: Readonly<Record<string, string>>;
}

interface Catalogue {
  /** `[items]` scores of the fallback. */
  readonly popularity: Float32Array;
  /** `[items]` id per item index. */
  readonly itemIds: readonly string[];
  /** `[items]` what a person reads; becomes `items.json`. */
  readonly itemDetails?: readonly ItemDetails[];
  /** Who had what, by the items of the catalogue: golden histories are made up from it, and none of them is a person's. */
  readonly people: People;
}

interface Rows {
  /** The data: golden rows are made up from its columns, and none of them is one of its rows. */
  readonly table: Table;
}

interface PartsByTask {
  readonly recommend: Catalogue;
  readonly classify: Rows;
  readonly regress: Rows;
  readonly hierarchical: Rows;
}

export type ExportInput<T extends TaskName = TaskName> = CommonInput<T> & PartsByTask[T];
