/** Keys from a file that only the server's user can read. */
import { open } from "node:fs/promises";
import { AttuneError } from "@attune/contracts";
import type { AccessKey } from "./access-key.ts";
import { parseKeys } from "./parse-keys.ts";
import { isPrivate, modeText } from "./private-file.ts";

/** More than any team's keys. */
const largestBytes = 1024 * 1024;

/** @throws {AttuneError} `SERVER_KEYS` when it cannot be read, when others can read it too, or with all that is wrong inside. */
export async function readKeys(path: string): Promise<readonly AccessKey[]> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(path, `it cannot be read (${cause.code ?? cause.message})`, cause);
  });
  try {
    // Of the opened file: the one that is checked is the one that is read.
    const found = await file.stat();
    if (!isPrivate(found)) {
      const problem = `other users of this machine can read it (mode ${modeText(found)})`;
      throw refuse(path, `${problem}; run \`chmod 600\` on it`);
    }
    if (found.size > largestBytes)
      throw refuse(path, `it has ${found.size} bytes, at most ${largestBytes} are read`);
    const text = await file.readFile("utf8").catch((cause: NodeJS.ErrnoException) => {
      throw refuse(path, `it cannot be read (${cause.code ?? cause.message})`, cause);
    });
    return parseKeys(text, path);
  } finally {
    await file.close();
  }
}

function refuse(source: string, issue: string, cause?: unknown): AttuneError {
  return new AttuneError("SERVER_KEYS", { source, issues: [issue] }, { cause });
}
