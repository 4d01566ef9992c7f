/** The model's bytes: from the cache or the network or the page, and never unchecked. */
import { AttuneError } from "@attune/contracts";
import type { ModelProgress, ModelSource } from "../protocol.ts";
import { fetchBytes } from "./fetch-bytes.ts";
import type { ModelCache } from "./model-cache.ts";
import { sha256Hex } from "./sha256.ts";

/**
 * @param cache - models of earlier visits; `undefined` where the browser has no place for them.
 * @throws {AttuneError} `RUNTIME_FETCH`; `RUNTIME_HASH` when the bytes are not the promised ones.
 */
export async function loadModel(
  source: ModelSource,
  cache: ModelCache | undefined,
  onProgress: (progress: ModelProgress) => void,
): Promise<Uint8Array> {
  if ("bytes" in source) {
    if (source.sha256 === undefined) return source.bytes;
    const bytes = new Uint8Array(source.bytes);
    await assertHash(bytes, source.sha256, "the model's bytes");
    return bytes;
  }
  const { url, sha256, sizeBytes } = source;
  const store = source.cache ? cache : undefined;
  const cached = await store?.read(sha256);
  // What is stored may be damaged as well; then it is simply downloaded again.
  if (cached !== undefined && (await sha256Hex(cached)) === sha256) {
    onProgress({ loadedBytes: cached.byteLength, totalBytes: cached.byteLength });
    return cached;
  }
  const bytes = await fetchBytes(url, { sizeBytes, onProgress });
  await assertHash(bytes, sha256, url);
  // Storing takes a copy first, so the page does not wait for it.
  void store?.write(sha256, bytes);
  return bytes;
}

async function assertHash(bytes: Uint8Array<ArrayBuffer>, expected: string, url: string): Promise<void> {
  const actual = await sha256Hex(bytes);
  if (actual !== expected) throw new AttuneError("RUNTIME_HASH", { url, expected, actual });
}
