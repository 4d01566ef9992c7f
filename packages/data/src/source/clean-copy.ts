/** A copy of a dirty text file for the engine: its good records byte for byte, each ended by LF, under a header of one line. */
import { open } from "node:fs/promises";
import { writeFailure } from "@attune/store";
import { createSplitter } from "../text-file/create-splitter.ts";
import { carriageReturn, lineFeed } from "../text-file/line-end.ts";
import type { RecordHandler, TextFormat } from "../text-file/record-splitter.ts";
import { readChunks } from "./read-chunks.ts";

const space = 32;

/** @throws {AttuneError} `FILE_READ`, `FILE_WRITE` */
export async function copyGoodRecords(path: string, format: TextFormat, target: string): Promise<void> {
  const copy = new RecordCopy();
  const splitter = createSplitter(format, copy);
  const file = await open(target, "wx").catch((cause: unknown) => {
    throw writeFailure(target, cause);
  });
  const flush = async () => {
    await file.appendFile(copy.take()).catch((cause: unknown) => {
      throw writeFailure(target, cause);
    });
  };
  try {
    for await (const chunk of readChunks(path)) {
      copy.reserve(splitter.pending + chunk.length);
      splitter.push(chunk);
      await flush();
    }
    copy.reserve(splitter.pending);
    splitter.end();
    await flush();
  } finally {
    await file.close();
  }
}

/** Good records of the bytes at hand. */
class RecordCopy implements RecordHandler {
  #bytes: Buffer = Buffer.alloc(0);
  #size = 0;

  /** @param size - bytes that the splitter will see; a record is at least one, and gets one for its line end. */
  reserve(size: number): void {
    this.#bytes = Buffer.allocUnsafe(2 * size);
    this.#size = 0;
  }

  take(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  header(bytes: Buffer, start: number, end: number): void {
    const line = bytes.subarray(start, end).map((byte) => {
      return byte === lineFeed || byte === carriageReturn ? space : byte;
    });
    this.record(Buffer.from(line), 0, line.length);
  }

  record(bytes: Buffer, start: number, end: number): void {
    this.#size += bytes.copy(this.#bytes, this.#size, start, end);
    this.#bytes[this.#size++] = lineFeed;
  }

  defect(): void {
    // Left out.
  }
}
