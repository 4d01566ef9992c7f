/** Keys as the server holds them: only their sha256, so that no log, dump or error can show one. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { KeyGroup } from "./key-group.ts";

export interface AccessKey {
  /** Its name, for people: it may stand in logs. */
  readonly id: string;
  /** The sha256 of the key, 32 bytes. */
  readonly digest: Buffer;
  readonly groups: readonly KeyGroup[];
  /** Requests a second, on average; absent: no limit. */
  readonly ratePerSecond?: number;
  /** Requests at once after a pause; default one second's worth. */
  readonly burst?: number;
}

export function digestOf(key: string): Buffer {
  return createHash("sha256").update(key, "utf8").digest();
}

/**
 * The key that a request was sent with: `authorization: Bearer KEY`, else `x-api-key: KEY`.
 *
 * How long it takes says nothing about the keys: hashes are compared, in constant time, and always all of them.
 *
 * @returns undefined without a key, and with one that is not among `keys`.
 */
export function findKey(keys: readonly AccessKey[], headers: IncomingHttpHeaders): AccessKey | undefined {
  const typed = typedKey(headers);
  if (typed === undefined) return undefined;
  const digest = digestOf(typed);
  let found: AccessKey | undefined;
  for (const key of keys) if (timingSafeEqual(digest, key.digest)) found = key;
  return found;
}

function typedKey({ authorization, "x-api-key": apiKey }: IncomingHttpHeaders): string | undefined {
  const bearer = authorization === undefined ? undefined : /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  return bearer ?? (typeof apiKey === "string" ? apiKey : undefined);
}
