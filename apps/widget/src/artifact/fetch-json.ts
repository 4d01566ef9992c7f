/** JSON by URL. */
import { AttuneError } from "@attune/contracts";

/**
 * Revalidated with the server: a release replaces files in place.
 *
 * @throws {AttuneError} `RUNTIME_FETCH` when the network fails, the status is not 2xx or the body is no JSON.
 */
export async function fetchJson(url: string | URL, init?: RequestInit): Promise<unknown> {
  try {
    const response = await fetch(url, { cache: "no-cache", ...init });
    if (!response.ok) throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
    return await response.json();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("RUNTIME_FETCH", { url: String(url), reason }, { cause });
  }
}
