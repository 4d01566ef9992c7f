/** From an artifact folder to a model that may answer: every step of readiness, in order. */
import type { Session } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  type GoldenFile,
  type ParityResult,
} from "@attune/contracts/manifest";
import { assertModel, readModel } from "@attune/onnx";
import { assertParity, createPersonalizer, measureParity, type Personalizer } from "@attune/runtime";
import { createNodeSession, readArtifact } from "@attune/runtime-node";
import { createItemSearch, type ItemSearch } from "../catalogue/item-search.ts";
import { readServedFiles, type ServedFile } from "./artifact-files.ts";
import type { Readiness } from "./readiness.ts";

/** An artifact that passed everything. */
export interface LoadedModel {
  readonly manifest: ArtifactManifest;
  /** sha256 of model.onnx. */
  readonly sha256: string;
  readonly runtime: Session["runtime"];
  /** What this process measured on the golden rows at start. */
  readonly parity: ParityResult;
  readonly personalizer: Personalizer;
  /** Absent when the artifact has no items table. */
  readonly items?: ItemSearch;
  /** By file name: what `/artifact/` serves. */
  readonly files: ReadonlyMap<string, ServedFile>;
}

/**
 * Loads and proves an artifact. On failure nothing stays open.
 *
 * @throws {AttuneError} all of `readArtifact`, `ONNX_PARSE`, `ONNX_INVALID`, `RUNTIME_LOAD`, `RUNTIME_SIGNATURE`,
 * `RUNTIME_RUN`, and `VERIFY_MISMATCH` when this machine's answers are not the trainer's.
 */
export async function loadModel(artifactDir: string, readiness: Readiness): Promise<LoadedModel> {
  const { artifact, files } = await readiness.run("sha256", async () => {
    const artifact = await readArtifact(artifactDir);
    return { artifact, files: await readServedFiles(artifact) };
  });
  const { manifest, model, golden, items } = artifact;
  await readiness.run("checker", () => {
    const source = artifactFiles.model;
    assertModel(readModel(model, { source }), source);
  });
  const session = await readiness.run("load", () => createNodeSession(model));
  try {
    const personalizer = await readiness.run("warm-up", async () => {
      const personalizer = createPersonalizer(session, manifest);
      await warmUp(personalizer, golden);
      return personalizer;
    });
    const { worst: _, ...parity } = await readiness.run("golden rows", async () => {
      const measured = await measureParity(session, golden);
      assertParity(measured);
      return measured;
    });
    return {
      manifest,
      sha256: manifest.files[artifactFiles.model]!.sha256,
      runtime: session.runtime,
      parity,
      personalizer,
      ...(items === undefined ? {} : { items: createItemSearch(items) }),
      files,
    };
  } catch (cause) {
    await session.close();
    throw cause;
  }
}

/** First runs allocate the engine's arenas and let V8 compile the path; later requests do not pay for it. */
async function warmUp(personalizer: Personalizer, golden: GoldenFile): Promise<void> {
  const { maxK, maxHistory, maxExclude } = personalizer.manifest.limits;
  const requests = golden.rows.map(({ history, exclude, k }) => ({
    history: history.filter((id) => id !== "").slice(0, maxHistory),
    exclude: exclude.filter((id) => id !== "").slice(0, maxExclude),
    k: Math.min(k, maxK),
  }));
  requests.push({ history: [], exclude: [], k: 1 });
  for (const request of requests.slice(0, 16)) await personalizer.recommend(request);
  await personalizer.recommendMany(requests.slice(0, 16));
}
