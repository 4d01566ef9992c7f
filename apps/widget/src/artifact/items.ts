/** Titles and other display columns of an artifact, if it has them. */
import { type ArtifactManifest, artifactFiles, parseArtifactManifest } from "@attune/contracts/manifest";
import { createDirectory, type ItemDirectory, readItems } from "../catalogue/details.ts";
import { fetchJson } from "./fetch-json.ts";

/** One promise per address; a load that failed is forgotten and tried again. */
function once<T>(load: (baseUrl: string) => Promise<T>): (baseUrl: string) => Promise<T> {
  const loads = new Map<string, Promise<T>>();
  return (baseUrl) => {
    const known = loads.get(baseUrl);
    if (known !== undefined) return known;
    const promise = load(baseUrl);
    loads.set(baseUrl, promise);
    promise.catch(() => loads.delete(baseUrl));
    return promise;
  };
}

/**
 * The manifest at `baseUrl`, fetched once per page.
 *
 * @param baseUrl - absolute, ending in `/`.
 * @throws {AttuneError} `RUNTIME_FETCH`, `MANIFEST_INVALID`, `MANIFEST_VERSION`.
 */
export const loadManifest = once(async (baseUrl): Promise<ArtifactManifest> => {
  const url = new URL(artifactFiles.manifest, baseUrl).href;
  return parseArtifactManifest(await fetchJson(url), url);
});

const fetchItems = once(async (baseUrl): Promise<ItemDirectory> => {
  // Asking the manifest first spares the page a failed request when there are no titles.
  const { files } = await loadManifest(baseUrl);
  if (!Object.hasOwn(files, artifactFiles.items)) return new Map();
  return createDirectory(readItems(await fetchJson(new URL(artifactFiles.items, baseUrl))));
});

/**
 * Item details of the artifact at `baseUrl`, fetched once per page; empty when it has none. `undefined` when they cannot
 * be fetched: no reason to fail, a list of ids is still a list.
 *
 * @param baseUrl - absolute, ending in `/`.
 */
export async function loadItems(baseUrl: string): Promise<ItemDirectory | undefined> {
  try {
    return await fetchItems(baseUrl);
  } catch {
    return undefined;
  }
}
