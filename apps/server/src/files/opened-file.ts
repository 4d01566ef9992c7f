/** A file that was opened and hashed once, and is read from its descriptor afterwards: its bytes are never kept in memory. */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { AttuneError } from "@attune/contracts";

/** The bytes that were hashed, as long as they stay so. A file that is replaced by renaming goes on being the old one here. */
export interface OpenedFile {
  /** Hex, of the bytes when the file was opened. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The bytes `[start, end)`. Ends with an error when the file is cut meanwhile. */
  stream(start: number, end: number): Readable;
  /** @throws {AttuneError} `SERVER_FILE_CHANGED` when size or time of change are not what they were. */
  assertUnchanged(): Promise<void>;
  /** Closes the descriptor when the last stream has ended. */
  close(): Promise<void>;
}

const chunkBytes = 128 * 1024;

/** @throws {AttuneError} `FILE_READ`. */
export async function openFile(path: string): Promise<OpenedFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    return await hashOpened(path, handle);
  } catch (cause) {
    await handle?.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("FILE_READ", { path, reason }, { cause });
  }
}

async function hashOpened(path: string, handle: FileHandle): Promise<OpenedFile> {
  const before = await stampOf(handle);
  const hash = createHash("sha256");
  // One buffer for all of it: a large file would otherwise leave its size in garbage.
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, before.sizeBytes)));
  for (let at = 0; at < before.sizeBytes; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  if ((await stampOf(handle)).text !== before.text) throw new Error("it is being written; start again");
  return createOpenedFile(path, handle, hash.digest("hex"), before);
}

function createOpenedFile(path: string, handle: FileHandle, sha256: string, stamp: Stamp): OpenedFile {
  let streamCount = 0;
  let isClosing = false;
  let onIdle = () => {};

  function changed(): AttuneError {
    return new AttuneError("SERVER_FILE_CHANGED", { file: basename(path) });
  }

  return {
    sha256,
    sizeBytes: stamp.sizeBytes,
    stream(start, end) {
      if (isClosing) throw changed();
      streamCount += 1;
      const stream = Readable.from(readChunks(handle, start, end), { objectMode: false });
      stream.once("close", () => {
        streamCount -= 1;
        if (streamCount === 0) onIdle();
      });
      return stream;
    },
    async assertUnchanged() {
      if (isClosing || (await stampOf(handle)).text !== stamp.text) throw changed();
    },
    async close() {
      if (isClosing) return;
      isClosing = true;
      if (streamCount > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
      }
      await handle.close();
    },
  };
}

/** What changes when somebody writes into the file. */
interface Stamp {
  readonly sizeBytes: number;
  readonly text: string;
}

async function stampOf(handle: FileHandle): Promise<Stamp> {
  const { ino, size, mtimeNs } = await handle.stat({ bigint: true });
  return { sizeBytes: Number(size), text: `${ino} ${size} ${mtimeNs}` };
}

async function* readChunks(handle: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end - at));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) throw new Error(`the file ends after ${at} bytes`);
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
