/** Where an artifact's files are: the manifest first, and everything else pinned to what it lists. */
import { AttuneError } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  parseArtifactManifest,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import { fetchBytes, fetchResponse, readBytes } from "../worker/fetch-bytes.ts";
import { sha256Hex } from "../worker/sha256.ts";

/** A manifest, and the addresses of the files it lists. */
export interface ArtifactLocation {
  readonly manifest: ArtifactManifest;
  readonly manifestUrl: string;
  /**
   * The address of a listed file: beside the manifest, and with `?v=<sha256>`, so that no copy of another release has it.
   *
   * @throws {AttuneError} `MANIFEST_INVALID` when it is not listed.
   */
  url(name: string): string;
}

/**
 * Fetches the manifest of an artifact's folder.
 *
 * A server of several releases may say in `content-location` under which address this one stays; the files are then
 * fetched from there, so that a release in between cannot mix them. Any other server gives them beside the manifest.
 *
 * @param baseUrl - relative to the page; the last slash may be missing.
 * @throws {AttuneError} `RUNTIME_FETCH`, `MANIFEST_INVALID`, `MANIFEST_VERSION`.
 */
export async function locateArtifact(baseUrl: string | URL): Promise<ArtifactLocation> {
  const asked = new URL(artifactFiles.manifest, folderUrl(baseUrl)).href;
  const response = await fetchResponse(asked);
  const bytes = await readBytes(asked, response);
  const manifest = parseArtifactManifest(parseJsonBytes(bytes, asked), asked);
  const manifestUrl = pinnedUrl(response, asked);
  return {
    manifest,
    manifestUrl,
    url(name) {
      const url = new URL(name, manifestUrl);
      url.searchParams.set("v", listedHash(manifest, name, asked));
      return url.href;
    },
  };
}

/**
 * A listed file's bytes, and no others. Its address is a promise, so a copy in the browser's cache will do; where it is not
 * what it should be, the server is asked once more.
 *
 * @throws {AttuneError} `RUNTIME_FETCH`, `RUNTIME_HASH`, `MANIFEST_INVALID` when the file is not listed.
 */
export async function fetchListed(
  location: ArtifactLocation,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = location.url(name);
  const expected = listedHash(location.manifest, name, location.manifestUrl);
  const first = await fetchBytes(url, { cache: "default" });
  if ((await sha256Hex(first)) === expected) return first;
  const bytes = await fetchBytes(url, { cache: "reload" });
  const actual = await sha256Hex(bytes);
  if (actual !== expected) throw new AttuneError("RUNTIME_HASH", { url, expected, actual });
  return bytes;
}

function folderUrl(baseUrl: string | URL): URL {
  const url = new URL(baseUrl, globalThis.document?.baseURI ?? globalThis.location?.href);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/** Where the manifest that came stays; another host's word is not taken for it. */
function pinnedUrl(response: Response, asked: string): string {
  const own = response.url === "" ? asked : response.url;
  const stated = response.headers.get("content-location");
  if (stated === null || !URL.canParse(stated, own)) return own;
  const url = new URL(stated, own);
  return url.origin === new URL(own).origin ? url.href : own;
}

function listedHash({ files }: ArtifactManifest, name: string, source: string): string {
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (file !== undefined) return file.sha256;
  throw new AttuneError("MANIFEST_INVALID", { source, issues: [`files: ${name} is not listed`] });
}
