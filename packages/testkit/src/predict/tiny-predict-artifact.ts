/** Whole artifacts of the tiny row tasks, and their models behind a fake session. */
import type { PredictTask } from "@attune/contracts";
import type { ArtifactManifest, GoldenFile } from "@attune/contracts/manifest";
import { dataFields, manifestFields } from "../artifact/manifest-fields.ts";
import { type ArtifactFiles, artifactFilesOf, type ChangeManifest } from "../artifact/tiny-files.ts";
import { rowsOfFeeds } from "../columns/tiny-columns.ts";
import type { FakeModel } from "../fake-session.ts";
import { tinyClassify } from "./tiny-classify.ts";
import { tinyHierarchical } from "./tiny-hierarchical.ts";
import { tinyRegress } from "./tiny-regress.ts";
import type { TinyTask } from "./tiny-task.ts";

export const tinyTasks: { readonly [T in PredictTask]: TinyTask<T> } = {
  classify: tinyClassify,
  regress: tinyRegress,
  hierarchical: tinyHierarchical,
};

export function tinyPredictManifest<T extends PredictTask>(
  tiny: TinyTask<T>,
  content: Readonly<Record<string, Uint8Array>> = {},
): ArtifactManifest<T> {
  return tiny.manifest({
    ...manifestFields(tiny.task, tiny.signature, content),
    data: dataFields({ rows: 0 }),
    inputs: [...tiny.columns],
  });
}

/** Expected answers come from plain TypeScript. */
export function tinyPredictGolden<T extends PredictTask>(tiny: TinyTask<T>): GoldenFile<T> {
  const rows = Object.entries(tiny.rows).map(([name, inputs]) => ({
    name,
    inputs,
    expected: tiny.predict(inputs),
  }));
  // TypeScript does not see that the rows of a deferred task are rows of that task.
  return tiny.golden(rows as unknown as GoldenFile<T>["rows"]);
}

export function tinyPredictFake<T extends PredictTask>(tiny: TinyTask<T>): FakeModel {
  return {
    ...tiny.signature,
    compute: (feeds) => tiny.outputs(rowsOfFeeds(tiny.columns, feeds).map(tiny.predict)),
  };
}

/** The artifact in memory. */
export function tinyPredictArtifact<T extends PredictTask>(
  tiny: TinyTask<T>,
  change: ChangeManifest<T> = (same) => same,
): ArtifactFiles<T> {
  return artifactFilesOf(tiny.encode(), tinyPredictGolden(tiny), (content) =>
    change(tinyPredictManifest(tiny, content)),
  );
}

/** A tiny row task whose task the type does not say: for tests of what all of them share. */
export interface TinyPredictCase {
  readonly task: PredictTask;
  readonly tiny: Pick<TinyTask<PredictTask>, "columns" | "signature" | "rows" | "predict">;
  readonly model: FakeModel;
  readonly artifact: PredictFiles;
}

/** Not `ArtifactFiles<PredictTask>`: of that, TypeScript takes the files of one task for something else. */
interface PredictFiles {
  readonly manifest: ArtifactManifest<PredictTask>;
  readonly golden: GoldenFile<PredictTask>;
  readonly files: ArtifactFiles["files"];
}

function caseOf<T extends PredictTask>(tiny: TinyTask<T>, artifact: PredictFiles): TinyPredictCase {
  return { task: tiny.task, tiny, model: tinyPredictFake(tiny), artifact };
}

/** One case per row task. */
export const tinyPredictCases: readonly TinyPredictCase[] = [
  caseOf(tinyClassify, tinyPredictArtifact(tinyClassify)),
  caseOf(tinyRegress, tinyPredictArtifact(tinyRegress)),
  caseOf(tinyHierarchical, tinyPredictArtifact(tinyHierarchical)),
];
