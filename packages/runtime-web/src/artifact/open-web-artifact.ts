/** One call from an artifact's URL to what answers with it in the page. */
import { AttuneError, type ItemDetails, isAttuneError, type Session, type TaskName } from "@attune/contracts";
import { artifactFiles, type GoldenFile, parseGoldenFile, parseJsonBytes } from "@attune/contracts/manifest";
import { type Answerer, assertTask, createAnswerer } from "@attune/runtime";
import { createWebSession, type ModelByUrl, type WebRuntimeOptions } from "../create-web-session.ts";
import { type ArtifactLocation, fetchListed, locateArtifact } from "./locate-artifact.ts";

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
    /** The rows every runtime is held to. Fetched at each call; a server that serves models to pages does not have them. */
    loadGolden(): Promise<GoldenFile<K>>;
  };
}[T];

/**
 * Fetches the manifest, then the model it names, checks the model's sha256 and loads it in a worker. Every file is of the
 * release that the manifest describes; when another release took its place in between, that one is opened.
 *
 * @throws {AttuneError} `RUNTIME_FETCH`, `MANIFEST_INVALID`, `MANIFEST_VERSION`, `RUNTIME_TASK` when it is of another
 * task, `RUNTIME_HASH`, `RUNTIME_LOAD`, and `RUNTIME_SIGNATURE` when model and manifest do not belong together.
 */
export async function openWebArtifact<T extends TaskName = "recommend">(
  options: WebArtifactOptions<T>,
): Promise<WebArtifact<T>> {
  const location = await locateArtifact(options.baseUrl);
  try {
    return await openLocated(location, options);
  } catch (error) {
    if (!isAttuneError(error, "RUNTIME_FETCH") && !isAttuneError(error, "RUNTIME_HASH")) throw error;
    // What went wrong first is what is told.
    const newer = await locateArtifact(options.baseUrl).catch(() => location);
    if (modelHash(newer) === modelHash(location)) throw error;
    return openLocated(newer, options);
  }
}

function modelHash({ manifest }: ArtifactLocation): string | undefined {
  return manifest.files[artifactFiles.model]?.sha256;
}

async function openLocated<T extends TaskName>(
  location: ArtifactLocation,
  // Without a task T is its default.
  { baseUrl: _, task = "recommend" as T, ...sessionOptions }: WebArtifactOptions<T>,
): Promise<WebArtifact<T>> {
  const { manifest, manifestUrl } = location;
  assertTask(manifest, task, manifestUrl);
  const modelUrl = location.url(artifactFiles.model);
  const { sha256, bytes: sizeBytes } = manifest.files[artifactFiles.model]!;
  const session = await createWebSession({ ...sessionOptions, modelUrl, sha256, sizeBytes });
  try {
    const answerer = createAnswerer(session, manifest);
    // The manifest is of a task that was asked for, and its golden rows are checked to be of the same.
    return { ...answerer, session, ...createLoaders(location) } as WebArtifact<T>;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** What is fetched later, if at all: each file against its sha256. */
function createLoaders(location: ArtifactLocation): {
  loadItems(): Promise<readonly ItemDetails[] | undefined>;
  loadGolden(): Promise<GoldenFile>;
} {
  const { manifest } = location;
  let items: Promise<readonly ItemDetails[] | undefined> | undefined;

  async function loadJson(name: string): Promise<unknown> {
    return parseJsonBytes(await fetchListed(location, name), location.url(name));
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
