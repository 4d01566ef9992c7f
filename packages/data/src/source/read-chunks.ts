/** A file's bytes in order. */
import { createReadStream } from "node:fs";
import { AttuneError } from "@attune/contracts";

const chunkBytes = 1 << 20;

/**
 * @param size - bytes of a chunk, default 1 MB.
 * @throws {AttuneError} `FILE_READ`
 */
export async function* readChunks(path: string, size = chunkBytes): AsyncGenerator<Buffer> {
  const stream: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: size });
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await chunks.next().catch((cause: Error) => {
        throw new AttuneError("FILE_READ", { path, reason: cause.message }, { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    await chunks.return?.();
  }
}
