/** One call from an artifact folder to a personalizer, for integrators. */
import type { Session, SessionOptions } from "@attune/contracts";
import { createPersonalizer, type Personalizer } from "@attune/runtime";
import { createNodeSession } from "../create-node-session.ts";
import { type Artifact, readArtifact } from "./read-artifact.ts";

/** An artifact ready to answer. The model's bytes are not kept: the engine has its own copy. */
export interface OpenArtifact extends Omit<Artifact, "model"> {
  /** `personalizer.close()` frees the engine. */
  readonly personalizer: Personalizer;
  /** The loaded graph under the personalizer, for `measureParity`. */
  readonly session: Session;
}

/**
 * Reads, checks and loads an artifact folder.
 *
 * @throws {AttuneError} all of `readArtifact`, `RUNTIME_LOAD`, and `RUNTIME_SIGNATURE` when model and manifest do not
 * belong together.
 */
export async function openArtifact(dir: string, options?: SessionOptions): Promise<OpenArtifact> {
  const { model, ...rest } = await readArtifact(dir);
  const session = await createNodeSession(model, options);
  try {
    return { ...rest, session, personalizer: createPersonalizer(session, rest.manifest) };
  } catch (error) {
    await session.close();
    throw error;
  }
}
