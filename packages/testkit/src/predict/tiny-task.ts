/** What makes a tiny row task: its graph, and the same in plain TypeScript. */
import type { Prediction, PredictTask, Tensor } from "@attune/contracts";
import type { ArtifactManifest, GoldenFile, InputColumn } from "@attune/contracts/manifest";
import type { TinySignature } from "../artifact/manifest-fields.ts";
import type { TinyRow } from "../columns/tiny-columns.ts";

export interface TinyTask<T extends PredictTask> {
  readonly task: T;
  readonly columns: readonly InputColumn[];
  readonly signature: TinySignature;
  /** The ONNX file. */
  encode(): Uint8Array;
  /** The reference. */
  predict(row: TinyRow): Prediction<T>;
  /** The graph's outputs for a batch, from the reference's answers. */
  outputs(answers: readonly Prediction<T>[]): Record<string, Tensor>;
  /** By name, in the order of the golden file. */
  readonly rows: Readonly<Record<string, TinyRow>>;
  golden(rows: GoldenFile<T>["rows"]): GoldenFile<T>;
  /** The manifest's fields that only this task has. */
  manifest(fields: PredictFields): ArtifactManifest<T>;
}

export type PredictFields = Omit<ArtifactManifest<"regress">, "task">;
