/** One call from an artifact folder to what answers with it, for integrators. */
import type { ItemDetails, Session, SessionOptions, TaskName } from "@attune/contracts";
import type { GoldenFile } from "@attune/contracts/manifest";
import { type Answerer, assertTask, createAnswerer } from "@attune/runtime";
import { createNodeSession } from "../create-node-session.ts";
import { readArtifact } from "./read-artifact.ts";

export interface OpenArtifactOptions<T extends TaskName> extends SessionOptions {
  /**
   * What the caller can do with: one task, or several to branch on by `task`. Default `"recommend"`; `taskNames` opens
   * any artifact.
   */
  readonly task?: T | readonly T[];
}

/**
 * An artifact ready to answer: a `personalizer` for `recommend`, a `predictor` otherwise; a union that `task` narrows.
 * The model's bytes are not kept: the engine has its own copy.
 */
export type OpenArtifact<T extends TaskName = TaskName> = {
  [K in T]: Answerer<K> & {
    readonly dir: string;
    readonly golden: GoldenFile<K>;
    /** What a person reads of each item; absent when the dataset has no items table. */
    readonly items?: readonly ItemDetails[];
    /** The loaded graph underneath, for `measureParity`. */
    readonly session: Session;
  };
}[T];

/**
 * Reads, checks and loads an artifact folder.
 *
 * @throws {AttuneError} all of `readArtifact`, `RUNTIME_TASK` when it is of another task, `RUNTIME_LOAD`, and
 * `RUNTIME_SIGNATURE` when model and manifest do not belong together.
 */
export async function openArtifact<T extends TaskName = "recommend">(
  dir: string,
  options: OpenArtifactOptions<T> = {},
): Promise<OpenArtifact<T>> {
  // Without a task T is its default.
  const { task = "recommend" as T, ...sessionOptions } = options;
  const { model, golden, items, manifest } = await readArtifact(dir);
  assertTask(manifest, task, dir);
  const session = await createNodeSession(model, sessionOptions);
  try {
    const answerer = createAnswerer(session, manifest);
    // `readArtifact` checked that manifest and golden rows are of one task.
    return { ...answerer, dir, golden, ...(items && { items }), session } as OpenArtifact<T>;
  } catch (error) {
    await session.close();
    throw error;
  }
}
