/** Downloads a file once, with progress. */
import { AttuneError } from "@attune/contracts";
import type { ModelProgress } from "../protocol.ts";

export interface FetchBytesOptions {
  /** Length of the file, when the caller knows it. */
  readonly sizeBytes?: number | undefined;
  /** How the browser's cache is used. Default `"no-cache"`: a release replaces files in place, so each copy is revalidated. */
  readonly cache?: "no-cache" | "default" | "reload";
  readonly onProgress?: ((progress: ModelProgress) => void) | undefined;
}

/** @throws {AttuneError} `RUNTIME_FETCH` when the network fails or the status is not 2xx. */
export async function fetchBytes(
  url: string,
  { cache, ...options }: FetchBytesOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return readBytes(url, await fetchResponse(url, cache), options);
}

/** @throws {AttuneError} as `fetchBytes`. */
export async function fetchResponse(
  url: string,
  cache: FetchBytesOptions["cache"] = "no-cache",
): Promise<Response> {
  try {
    const response = await fetch(url, { cache });
    if (!response.ok) throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
    return response;
  } catch (cause) {
    throw fetchError(url, cause);
  }
}

/** @throws {AttuneError} as `fetchBytes`. */
export async function readBytes(
  url: string,
  response: Response,
  { sizeBytes, onProgress }: Omit<FetchBytesOptions, "cache"> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const totalBytes = sizeBytes ?? declaredLength(response.headers);
    const chunks: Uint8Array[] = [];
    let loadedBytes = 0;
    for await (const chunk of readChunks(response)) {
      chunks.push(chunk);
      loadedBytes += chunk.byteLength;
      onProgress?.(totalBytes === undefined ? { loadedBytes } : { loadedBytes, totalBytes });
    }
    return concat(chunks, loadedBytes);
  } catch (cause) {
    throw fetchError(url, cause);
  }
}

function fetchError(url: string, cause: unknown): AttuneError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AttuneError("RUNTIME_FETCH", { url, reason }, { cause });
}

/** The header counts compressed bytes, the stream gives plain ones: no total is better than a wrong one. */
function declaredLength(headers: Headers): number | undefined {
  const length = Number(headers.get("content-length") ?? Number.NaN);
  return headers.has("content-encoding") || !Number.isFinite(length) ? undefined : length;
}

/** Safari cannot iterate a ReadableStream. */
async function* readChunks(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
