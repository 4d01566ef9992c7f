/**
 * Models already downloaded, kept by the browser under their sha256. A cache that is missing, full or forbidden
 * (private mode, plain http) only means downloading again, so its failures are not errors.
 */
const cacheName = "attune-models";
/** Releases of a model replace each other; this many are worth keeping. */
const maxModels = 4;

/** Bytes by sha256. Both functions never reject. */
export interface ModelCache {
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  write(sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** As much of the browser's CacheStorage as is used here. */
export interface ModelCacheStorage {
  open(name: string): Promise<{
    match(url: string): Promise<Response | undefined>;
    put(url: string, response: Response): Promise<void>;
    /** Oldest first. */
    keys(): Promise<readonly { readonly url: string }[]>;
    delete(url: string): Promise<boolean>;
  }>;
}

/** Over the Cache API, or `undefined` where there is none. */
export function createModelCache(storage: ModelCacheStorage | undefined): ModelCache | undefined {
  if (storage === undefined) return undefined;
  return {
    async read(sha256) {
      try {
        const response = await (await storage.open(cacheName)).match(keyOf(sha256));
        return response === undefined ? undefined : new Uint8Array(await response.arrayBuffer());
      } catch {
        return undefined;
      }
    },
    async write(sha256, bytes) {
      try {
        const cache = await storage.open(cacheName);
        await cache.put(keyOf(sha256), new Response(bytes));
        const keys = await cache.keys();
        for (const key of keys.slice(0, Math.max(0, keys.length - maxModels))) await cache.delete(key.url);
      } catch {
        // Not stored: the next visit downloads again.
      }
    },
  };
}

/** Keys of the Cache API are URLs. `.invalid` is reserved: it can never be fetched by mistake. */
function keyOf(sha256: string): string {
  return `https://attune.invalid/${sha256}`;
}
