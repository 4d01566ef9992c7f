/** Entry of the worker: joins the protocol, the browser's cache and the engine. */
import { serve } from "./protocol.ts";
import { createHandlers } from "./worker/handlers.ts";
import { createModelCache } from "./worker/model-cache.ts";
import { startEngine } from "./worker/start-engine.ts";

// Reading `caches` itself throws in some sandboxed frames.
function cacheStorage(): CacheStorage | undefined {
  try {
    return globalThis.caches;
  } catch {
    return undefined;
  }
}

serve(self, createHandlers({ cache: createModelCache(cacheStorage()), startEngine }));
