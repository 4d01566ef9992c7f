/** Titles and other display columns of an artifact, if it has them. */
import { type ArtifactManifest, artifactFiles, parseJsonBytes } from "@attune/contracts/manifest";
import { fetchListed, locateArtifact } from "@attune/runtime-web";
import { createDirectory, type ItemDirectory, readItems } from "../catalogue/details.ts";

/** One promise per address; a load that failed is forgotten and tried again. */
function once<T>(load: (baseUrl: string) => Promise<T>) {
  const loads = new Map<string, Promise<T>>();
  return {
    get(baseUrl: string): Promise<T> {
      const known = loads.get(baseUrl);
      if (known !== undefined) return known;
      const promise = load(baseUrl);
      loads.set(baseUrl, promise);
      promise.catch(() => loads.delete(baseUrl));
      return promise;
    },
    forget: (baseUrl: string) => void loads.delete(baseUrl),
  };
}

const locations = once(locateArtifact);

/**
 * The manifest at `baseUrl`, fetched once per page.
 *
 * @param baseUrl - absolute, ending in `/`.
 * @throws {AttuneError} `RUNTIME_FETCH`, `MANIFEST_INVALID`, `MANIFEST_VERSION`.
 */
export async function loadManifest(baseUrl: string): Promise<ArtifactManifest> {
  return (await locations.get(baseUrl)).manifest;
}

const directories = once(async (baseUrl): Promise<ItemDirectory> => {
  const location = await locations.get(baseUrl);
  // Asking the manifest first spares the page a failed request when there are no titles.
  if (!Object.hasOwn(location.manifest.files, artifactFiles.items)) return new Map();
  try {
    const bytes = await fetchListed(location, artifactFiles.items);
    return createDirectory(readItems(parseJsonBytes(bytes, artifactFiles.items)));
  } catch (error) {
    // Perhaps of a release that another one replaced: the next try asks what there is now.
    locations.forget(baseUrl);
    throw error;
  }
});

/**
 * Item details of the artifact at `baseUrl`, held to its manifest and fetched once per page; empty when it has none.
 * `undefined` when they cannot be fetched, or are not those of the manifest: no reason to fail, a list of ids is still a
 * list, and a wrong title would be worse than none.
 *
 * @param baseUrl - absolute, ending in `/`.
 */
export async function loadItems(baseUrl: string): Promise<ItemDirectory | undefined> {
  try {
    return await directories.get(baseUrl);
  } catch {
    return undefined;
  }
}
