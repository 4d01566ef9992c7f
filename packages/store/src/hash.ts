/** What a manifest promises of a file. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFailure } from "./failure.ts";

export interface FileHash {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly bytes: number;
}

export function hashBytes(bytes: Uint8Array): FileHash {
  return { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.byteLength };
}

/**
 * Hashes a file of any size in chunks.
 *
 * @throws {AttuneError} `FILE_READ`
 */
export async function hashFile(path: string): Promise<FileHash> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (cause) {
    throw readFailure(path, cause);
  }
  return { sha256: hash.digest("hex"), bytes };
}
