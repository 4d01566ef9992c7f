/** One call from an artifact's URL to what answers with it in the page. */
import { AttuneError, type ItemDetails, type Session, type TaskName } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  type GoldenFile,
  parseArtifactManifest,
  parseGoldenFile,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import { type Answerer, assertTask, createAnswerer } from "@attune/runtime";
import { createWebSession, type ModelByUrl, type WebRuntimeOptions } from "../create-web-session.ts";
import { fetchBytes } from "../worker/fetch-bytes.ts";
import { sha256Hex } from "../worker/sha256.ts";

export interface WebArtifactOptions<T extends TaskName = "recommend">
  extends WebRuntimeOptions,
    Pick<ModelByUrl, "cache" | "onProgress"> {
  /** The artifact's folder. Relative URLs are relative to the page; the last slash may be missing. */
  readonly baseUrl: string | URL;
  /**
   * What the page can do with: one task, or several to branch on by `task`. Default `"recommend"`; `taskNames` opens any
   * artifact.
   */
  readonly task?: T | readonly T[];
}

/**
 * An artifact ready to answer in the page: a `personalizer` for `recommend`, a `predictor` otherwise, whose `close()`
 * ends the worker; a union that `task` narrows.
 */
export type WebArtifact<T extends TaskName = "recommend"> = {
  [K in T]: Answerer<K> & {
    /** The loaded graph underneath, for `measureParity`. */
    readonly session: Session;
    /** Titles and other display columns; `undefined` when the artifact has none. Fetched at the first call. */
    loadItems(): Promise<readonly ItemDetails[] | undefined>;
    /** The rows every runtime is held to. Fetched at each call. */
    loadGolden(): Promise<GoldenFile<K>>;
  };
}[T];

/**
 * Fetches the manifest, then the model it names, checks the model's sha256 and loads it in a worker.
 *
 * @throws {AttuneError} `RUNTIME_FETCH`, `MANIFEST_INVALID`, `MANIFEST_VERSION`, `RUNTIME_TASK` when it is of another
 * task, `RUNTIME_HASH`, `RUNTIME_LOAD`, and `RUNTIME_SIGNATURE` when model and manifest do not belong together.
 */
export async function openWebArtifact<T extends TaskName = "recommend">(
  options: WebArtifactOptions<T>,
): Promise<WebArtifact<T>> {
  // Without a task T is its default.
  const { baseUrl, task = "recommend" as T, ...sessionOptions } = options;
  const base = folderUrl(baseUrl);
  const manifestUrl = new URL(artifactFiles.manifest, base).href;
  const manifestBytes = await fetchBytes(manifestUrl);
  const manifest = parseArtifactManifest(parseJsonBytes(manifestBytes, manifestUrl), manifestUrl);
  assertTask(manifest, task, manifestUrl);
  const { sha256, bytes: sizeBytes } = listedFile(manifest, artifactFiles.model, manifestUrl);
  const session = await createWebSession({
    ...sessionOptions,
    modelUrl: new URL(artifactFiles.model, base),
    sha256,
    sizeBytes,
  });

  try {
    const answerer = createAnswerer(session, manifest);
    // The manifest is of a task that was asked for, and its golden rows are checked to be of the same.
    return { ...answerer, session, ...createLoaders(manifest, base, manifestUrl) } as WebArtifact<T>;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** What is fetched later, if at all: each file against its sha256. */
function createLoaders(
  manifest: ArtifactManifest,
  base: URL,
  manifestUrl: string,
): { loadItems(): Promise<readonly ItemDetails[] | undefined>; loadGolden(): Promise<GoldenFile> } {
  let items: Promise<readonly ItemDetails[] | undefined> | undefined;

  async function loadJson(name: string): Promise<unknown> {
    const url = new URL(name, base).href;
    const expected = listedFile(manifest, name, manifestUrl).sha256;
    const bytes = await fetchBytes(url);
    const actual = await sha256Hex(bytes);
    if (actual !== expected) throw new AttuneError("RUNTIME_HASH", { url, expected, actual });
    return parseJsonBytes(bytes, url);
  }

  return {
    loadItems() {
      if (!Object.hasOwn(manifest.files, artifactFiles.items)) return Promise.resolve(undefined);
      // A failed download is not remembered: the next call tries again.
      items ??= (loadJson(artifactFiles.items) as Promise<readonly ItemDetails[]>).catch((error: unknown) => {
        items = undefined;
        throw error;
      });
      return items;
    },
    async loadGolden() {
      const golden = parseGoldenFile(await loadJson(artifactFiles.golden), artifactFiles.golden);
      if (golden.task === manifest.task) return golden;
      const issues = [`task: the rows are of ${golden.task}, the manifest is of ${manifest.task}`];
      throw new AttuneError("MANIFEST_INVALID", { source: artifactFiles.golden, issues });
    },
  };
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
