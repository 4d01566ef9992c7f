/** One call from an artifact's URL to a personalizer in the page. */
import { AttuneError, type ItemDetails, type Session } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  type GoldenFile,
  parseArtifactManifest,
  parseGoldenFile,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import { createPersonalizer, type Personalizer } from "@attune/runtime";
import { createWebSession, type ModelByUrl, type WebRuntimeOptions } from "../create-web-session.ts";
import { fetchBytes } from "../worker/fetch-bytes.ts";
import { sha256Hex } from "../worker/sha256.ts";

export interface WebArtifactOptions extends WebRuntimeOptions, Pick<ModelByUrl, "cache" | "onProgress"> {
  /** The artifact's folder. Relative URLs are relative to the page; the last slash may be missing. */
  readonly baseUrl: string | URL;
}

/** An artifact ready to answer in the page. */
export interface WebArtifact {
  readonly manifest: ArtifactManifest;
  /** `personalizer.close()` ends the worker. */
  readonly personalizer: Personalizer;
  /** The loaded graph under the personalizer, for `measureParity`. */
  readonly session: Session;
  /** Titles and other display columns; `undefined` when the artifact has none. Fetched at the first call. */
  loadItems(): Promise<readonly ItemDetails[] | undefined>;
  /** The rows every runtime is held to. Fetched at each call. */
  loadGolden(): Promise<GoldenFile>;
}

/**
 * Fetches the manifest, then the model it names, checks the model's sha256 and loads it in a worker.
 *
 * @throws {AttuneError} `RUNTIME_FETCH`, `MANIFEST_INVALID`, `MANIFEST_VERSION`, `RUNTIME_HASH`, `RUNTIME_LOAD`, and
 * `RUNTIME_SIGNATURE` when model and manifest do not belong together.
 */
export async function openWebArtifact(options: WebArtifactOptions): Promise<WebArtifact> {
  const { baseUrl, ...sessionOptions } = options;
  const base = folderUrl(baseUrl);
  const manifestUrl = new URL(artifactFiles.manifest, base).href;
  const manifestBytes = await fetchBytes(manifestUrl);
  const manifest = parseArtifactManifest(parseJsonBytes(manifestBytes, manifestUrl), manifestUrl);
  const { sha256, bytes: sizeBytes } = listedFile(manifest, artifactFiles.model, manifestUrl);
  const session = await createWebSession({
    ...sessionOptions,
    modelUrl: new URL(artifactFiles.model, base),
    sha256,
    sizeBytes,
  });

  async function loadJson(name: string): Promise<unknown> {
    const url = new URL(name, base).href;
    const expected = listedFile(manifest, name, manifestUrl).sha256;
    const bytes = await fetchBytes(url);
    const actual = await sha256Hex(bytes);
    if (actual !== expected) throw new AttuneError("RUNTIME_HASH", { url, expected, actual });
    return parseJsonBytes(bytes, url);
  }

  let items: Promise<readonly ItemDetails[] | undefined> | undefined;
  try {
    return {
      manifest,
      session,
      personalizer: createPersonalizer(session, manifest),
      loadItems() {
        if (!Object.hasOwn(manifest.files, artifactFiles.items)) return Promise.resolve(undefined);
        // A failed download is not remembered: the next call tries again.
        items ??= (loadJson(artifactFiles.items) as Promise<readonly ItemDetails[]>).catch(
          (error: unknown) => {
            items = undefined;
            throw error;
          },
        );
        return items;
      },
      async loadGolden() {
        return parseGoldenFile(await loadJson(artifactFiles.golden), artifactFiles.golden);
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

function folderUrl(baseUrl: string | URL): URL {
  const url = new URL(baseUrl, globalThis.document?.baseURI ?? globalThis.location?.href);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function listedFile(manifest: ArtifactManifest, name: string, source: string) {
  const file = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined;
  if (file !== undefined) return file;
  throw new AttuneError("MANIFEST_INVALID", { source, issues: [`files: ${name} is not listed`] });
}
