/** From an artifact folder to a model that may answer: every step of readiness, in order. */
import type { Session, TaskName } from "@attune/contracts";
import { type ArtifactManifest, artifactFiles, type ParityResult } from "@attune/contracts/manifest";
import { type Answerer, assertParity, createAnswerer, measureParity } from "@attune/runtime";
import { type Artifact, createNodeSession } from "@attune/runtime-node";
import { createItemSearch, type ItemSearch } from "../catalogue/item-search.ts";
import { readServedFiles, type ServedFiles } from "../files/served-files.ts";
import type { CostModel } from "../queue/cost.ts";
import { measureCost } from "./measure-cost.ts";
import type { Steps } from "./readiness.ts";
import { verifyInThread } from "./verify.ts";
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
  /** What a request costs here, measured. */
  readonly cost: CostModel;
  /** Absent when the artifact has no items table. */
  readonly items?: ItemSearch;
  /** What `/artifact/` serves; to be closed with the model. */
  readonly files: ServedFiles;
}

/**
 * Loads and proves an artifact. On failure nothing stays open.
 *
 * @throws {AttuneError} all of `readArtifact`, `ONNX_PARSE`, `ONNX_INVALID`, `RUNTIME_LOAD`, `RUNTIME_SIGNATURE`,
 * `RUNTIME_RUN`, and `VERIFY_MISMATCH` when this machine's answers are not the trainer's.
 */
export async function loadModel(artifactDir: string, steps: Steps): Promise<LoadedModel> {
  const { hashed, checked } = verifyInThread(artifactDir);
  const files = await steps.run("sha256", async () => readServedFiles(artifactDir, await hashed));
  try {
    const artifact = await steps.run("checker", () => checked);
    return { ...(await proveModel(artifact, steps)), files };
  } catch (cause) {
    await files.close();
    throw cause;
  }
}

async function proveModel(
  { manifest, model, golden, items }: Artifact,
  steps: Steps,
): Promise<Omit<LoadedModel, "files">> {
  const session = await steps.run("load", () => loadSession(model));
  try {
    const answerer: Answerer = await steps.run("warm-up", async () => {
      const answerer: Answerer = createAnswerer<TaskName>(session, manifest);
      await warmUp(answerer, golden);
      return answerer;
    });
    const { worst: _, ...parity } = await steps.run("golden rows", async () => {
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
      cost: await measureCost(answerer, golden),
      ...(items === undefined ? {} : { items: createItemSearch(items) }),
    };
  } catch (cause) {
    // What went wrong first is what is told.
    await session.close().catch(() => {});
    throw cause;
  }
}

/** What Node 21 added to an ArrayBuffer, which the ES2023 library does not know. */
interface TransferableBuffer extends ArrayBuffer {
  transfer(length: number): ArrayBuffer;
}

/** The engine has its own copy of the bytes: these are freed at once, not when the collector comes by. */
async function loadSession(model: Uint8Array): Promise<Session> {
  try {
    return await createNodeSession(model, { keepsMemory: false });
  } finally {
    (model.buffer as TransferableBuffer).transfer(0);
  }
}
