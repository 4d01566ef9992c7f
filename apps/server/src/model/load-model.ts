/** From an artifact folder to a model that may answer: every step of readiness, in order. */
import type { Session, TaskName } from "@attune/contracts";
import { type ArtifactManifest, artifactFiles, type ParityResult } from "@attune/contracts/manifest";
import { assertModel, readModel } from "@attune/onnx";
import { type Answerer, assertParity, createAnswerer, measureParity } from "@attune/runtime";
import { createNodeSession, readArtifact } from "@attune/runtime-node";
import { createItemSearch, type ItemSearch } from "../catalogue/item-search.ts";
import { readServedFiles, type ServedFile } from "./artifact-files.ts";
import type { Readiness } from "./readiness.ts";
import { warmUp } from "./warm-up.ts";

/** An artifact that passed everything. */
export interface LoadedModel {
  readonly manifest: ArtifactManifest;
  /** sha256 of model.onnx. */
  readonly sha256: string;
  readonly runtime: Session["runtime"];
  /** What this process measured on the golden rows at start. */
  readonly parity: ParityResult;
  readonly answerer: Answerer;
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
    const answerer: Answerer = await readiness.run("warm-up", async () => {
      const answerer: Answerer = createAnswerer<TaskName>(session, manifest);
      await warmUp(answerer, golden);
      return answerer;
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
      answerer,
      ...(items === undefined ? {} : { items: createItemSearch(items) }),
      files,
    };
  } catch (cause) {
    // What went wrong first is what is told.
    await session.close().catch(() => {});
    throw cause;
  }
}
