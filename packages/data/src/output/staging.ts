/** A folder that appears whole or not at all. */
import { mkdir, mkdtemp, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AttuneError } from "@attune/contracts";

export interface Staging {
  /** Write here. */
  readonly dir: string;
  /** Moves the folder to its place. What stood there is replaced only when `isValid` says it is no good. */
  commit(isValid: (dir: string) => Promise<boolean>): Promise<void>;
  /** Removes the folder, and the parents that were made for it. Does nothing after `commit`. */
  discard(): Promise<void>;
}

/**
 * Makes a temporary folder beside `target`, on the same file system.
 *
 * @throws {AttuneError} `FILE_WRITE`
 */
export async function createStaging(target: string): Promise<Staging> {
  const parent = dirname(target);
  let firstMade: string | undefined;
  let dir: string;
  try {
    firstMade = await mkdir(parent, { recursive: true });
    dir = await mkdtemp(join(parent, ".staging-"));
  } catch (cause) {
    await removeParents(parent, firstMade);
    throw writeFailure(target, cause);
  }
  let isOpen = true;
  return {
    dir,
    async commit(isValid) {
      try {
        await replace(dir, target, isValid);
      } catch (cause) {
        throw writeFailure(target, cause);
      }
      isOpen = false;
    },
    async discard() {
      if (!isOpen) return;
      isOpen = false;
      await rm(dir, { recursive: true, force: true });
      await removeParents(parent, firstMade);
    },
  };
}

/** An error of the file system as ours. */
export function writeFailure(path: string, cause: unknown): AttuneError<"FILE_WRITE"> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AttuneError("FILE_WRITE", { path, reason }, { cause });
}

async function replace(
  dir: string,
  target: string,
  isValid: (dir: string) => Promise<boolean>,
): Promise<void> {
  try {
    await rename(dir, target);
    return;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "ENOTDIR" && code !== "EPERM") throw cause;
  }
  // Another run was faster: its dataset has our key, so it is ours.
  if (await isValid(target)) {
    await rm(dir, { recursive: true, force: true });
    return;
  }
  const old = `${dir}-old`;
  await rename(target, old);
  try {
    await rename(dir, target);
  } catch (cause) {
    await rename(old, target);
    throw cause;
  }
  await rm(old, { recursive: true, force: true });
}

/** Removes empty folders from `parent` up to the first one that was made. */
async function removeParents(parent: string, firstMade: string | undefined): Promise<void> {
  if (firstMade === undefined) return;
  for (let dir = parent; dir.length >= firstMade.length; dir = dirname(dir)) {
    // Not empty means that someone else uses it by now.
    const isRemoved = await rmdir(dir).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}
