import { readFile } from "node:fs/promises";
import { readFailure } from "./failure.ts";

/** @throws {AttuneError} `FILE_READ` */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw readFailure(path, cause);
  }
}
