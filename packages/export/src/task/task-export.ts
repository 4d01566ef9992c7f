/** What an export does differently by task: one value a task. */
import type { TaskName } from "@attune/contracts";
import type { ArtifactManifest, GoldenFile } from "@attune/contracts/manifest";
import type { Model } from "@attune/onnx";
import type { SizeInput } from "../graph/project-size.ts";
import type { ExportInput } from "./export-input.ts";

/** Fields of the manifest that not every task has. */
export type TaskFields<T extends TaskName> = Omit<ArtifactManifest<T>, keyof ArtifactManifest> &
  Pick<ArtifactManifest<T>, "inputs">;

export interface TaskExport<T extends TaskName> {
  /** What the file will hold, for its size. */
  size(input: ExportInput<T>): SizeInput;
  /** The whole graph. */
  build(input: ExportInput<T>): Model;
  golden(input: ExportInput<T>): GoldenFile<T>;
  fields(input: ExportInput<T>): TaskFields<T>;
  /** Files besides those of every task: name → what becomes its JSON. */
  files(input: ExportInput<T>): Readonly<Record<string, unknown>>;
}
