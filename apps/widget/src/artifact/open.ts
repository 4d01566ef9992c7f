/// <reference types="vite/client" />
/** The widget's view of a loaded artifact, and the only file of the element that knows which runtime answers. */

import engineUrl from "virtual:engine.wasm?url";
import { AttuneError, type Recommendation, type RecommendRequest } from "@attune/contracts";
import { type ArtifactManifest, artifactFiles } from "@attune/contracts/manifest";
import { openWebArtifact, spawnWorkerFrom } from "@attune/runtime-web";
import workerUrl from "@attune/runtime-web/worker?worker&url";

/** Bytes of the model that have arrived. */
export interface LoadProgress {
  readonly loadedBytes: number;
  readonly totalBytes?: number;
}

/** As much of a loaded artifact as an element needs. */
export interface OpenArtifact {
  readonly limits: ArtifactManifest<"recommend">["limits"];
  /** sha256 of the model: computed from the bytes this page loaded, and equal to the manifest's. */
  readonly modelSha256: string;
  recommend(request: RecommendRequest): Promise<Recommendation>;
  close(): Promise<void>;
}

/**
 * Loads the artifact at `baseUrl` in a worker.
 *
 * @throws {AttuneError} whatever `openWebArtifact` throws: `RUNTIME_FETCH`, `RUNTIME_TASK` (it does not
 * recommend), `RUNTIME_HASH`, `RUNTIME_LOAD`, …
 */
export async function openArtifact(
  baseUrl: string,
  onProgress: (progress: LoadProgress) => void,
): Promise<OpenArtifact> {
  if (!URL.canParse(baseUrl)) {
    throw new AttuneError("RUNTIME_FETCH", { url: baseUrl, reason: "it is no address" });
  }
  const { manifest, personalizer } = await openWebArtifact({
    baseUrl,
    onProgress,
    // This script may come from another origin than the page, its worker and its engine with it: neither finds itself then.
    createWorker: () => spawnWorkerFrom(new URL(workerUrl, import.meta.url)),
    wasmUrl: new URL(engineUrl, import.meta.url),
  });
  return {
    limits: manifest.limits,
    // The worker has hashed the bytes and refused any others (`RUNTIME_HASH`), so this is what it computed.
    modelSha256: manifest.files[artifactFiles.model]?.sha256 ?? "",
    recommend: (request) => personalizer.recommend(request),
    close: () => personalizer.close(),
  };
}
