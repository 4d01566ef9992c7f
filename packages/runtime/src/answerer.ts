/** Whatever answers for an artifact, by its task: a union that `task` narrows. */
import { AttuneError, type PredictTask, type Session, type TaskName } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { createPredictor, type Predictor } from "./predict/predictor.ts";
import { createPersonalizer, type Personalizer } from "./recommend/personalizer.ts";

interface PredictAnswerer<T extends PredictTask> {
  readonly task: T;
  readonly manifest: ArtifactManifest<T>;
  /** `predictor.close()` closes the session. */
  readonly predictor: Predictor<T>;
}

interface AnswererByTask {
  readonly recommend: {
    readonly task: "recommend";
    readonly manifest: ArtifactManifest<"recommend">;
    /** `personalizer.close()` closes the session. */
    readonly personalizer: Personalizer;
  };
  readonly classify: PredictAnswerer<"classify">;
  readonly regress: PredictAnswerer<"regress">;
  readonly hierarchical: PredictAnswerer<"hierarchical">;
}

/** A personalizer or a predictor with its manifest. */
export type Answerer<T extends TaskName = TaskName> = AnswererByTask[T];

const create: { readonly [T in TaskName]: (session: Session, manifest: ArtifactManifest<T>) => Answerer<T> } =
  {
    recommend: (session, manifest) => ({
      task: "recommend",
      manifest,
      personalizer: createPersonalizer(session, manifest),
    }),
    classify: (session, manifest) => ({
      task: "classify",
      manifest,
      predictor: createPredictor(session, manifest),
    }),
    regress: (session, manifest) => ({
      task: "regress",
      manifest,
      predictor: createPredictor(session, manifest),
    }),
    hierarchical: (session, manifest) => ({
      task: "hierarchical",
      manifest,
      predictor: createPredictor(session, manifest),
    }),
  };

/**
 * Joins a loaded graph and its manifest, whatever the task. Takes over the session.
 *
 * @throws {AttuneError} `RUNTIME_SIGNATURE` when the two do not belong together (the session stays open).
 */
export function createAnswerer<T extends TaskName>(
  session: Session,
  manifest: ArtifactManifest<T>,
): Answerer<T> {
  // The manifest of a task names that task.
  return create[manifest.task as T](session, manifest);
}

/**
 * Refuses a manifest of another task than those asked for.
 *
 * @param source - what holds the manifest, for the message.
 * @throws {AttuneError} `RUNTIME_TASK`.
 */
export function assertTask<T extends TaskName>(
  manifest: ArtifactManifest,
  asked: T | readonly T[],
  source: string,
): asserts manifest is ArtifactManifest<T> {
  const expected: readonly TaskName[] = [asked].flat();
  if (expected.includes(manifest.task)) return;
  throw new AttuneError("RUNTIME_TASK", { source, task: manifest.task, expected });
}
