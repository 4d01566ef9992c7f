/** A folder that appears whole or not at all. */
import { mkdir, rename, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemCode, writeFailure } from "../failure.ts";
import { isThere, makeAside, putBack, removeAside, replacedPath } from "./aside.ts";

/** Asked when something stands at the place already: `true` keeps it, `false` replaces it. */
export type KeepExisting = (dir: string) => boolean | Promise<boolean>;

export interface Staging {
  /** Write here. As open to other users as any folder that is made beside. */
  readonly dir: string;
  /**
   * Writes one file through to the disk.
   *
   * @throws {AttuneError} `FILE_WRITE`
   */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Moves the folder to its place.
   *
   * @returns `false` when what stood there was kept.
   * @throws {AttuneError} `FILE_WRITE`; what stood there still stands.
   */
  commit(keepExisting: KeepExisting): Promise<boolean>;
  /** Removes what is not in its place, and the parents that were made for it. Belongs in a `finally`; never throws. */
  discard(): Promise<void>;
}

/**
 * Makes a temporary folder beside `target`, and removes those that a killed process left there.
 *
 * @throws {AttuneError} `FILE_WRITE`
 */
export async function createStaging(target: string): Promise<Staging> {
  const parent = dirname(target);
  let firstMade: string | undefined;
  let aside: string | undefined;
  let isPlaced = false;

  async function discard(): Promise<void> {
    if (aside !== undefined) await removeAside(aside);
    if (!isPlaced) await removeParents(parent, firstMade);
  }

  try {
    firstMade = await mkdir(parent, { recursive: true });
    aside = await makeAside(parent);
    // The outer folder is closed to other users, and who reads the result is often another user.
    const dir = join(aside, "new");
    await mkdir(dir);
    return {
      dir,
      discard,
      async write(name, bytes) {
        try {
          await writeFile(join(dir, name), bytes, { flush: true });
        } catch (cause) {
          throw writeFailure(target, cause);
        }
      },
      async commit(keepExisting) {
        try {
          isPlaced = await place(dir, target, keepExisting);
          return isPlaced;
        } catch (cause) {
          throw writeFailure(target, cause);
        }
      },
    };
  } catch (cause) {
    await discard();
    throw writeFailure(target, cause);
  }
}

async function place(dir: string, target: string, keepExisting: KeepExisting): Promise<boolean> {
  try {
    await rename(dir, target);
    return true;
  } catch (cause) {
    if (!(await isTaken(target, cause))) throw cause;
  }
  if (await keepExisting(target)) return false;
  // A folder with something in it cannot be renamed over: it steps aside first.
  const aside = dirname(dir);
  const replaced = replacedPath(aside, basename(target));
  await mkdir(dirname(replaced));
  await rename(target, replaced);
  try {
    await rename(dir, target);
  } catch (cause) {
    await putBack(aside);
    throw cause;
  }
  return true;
}

/** Whether a rename failed because something stands at its target. */
async function isTaken(target: string, cause: unknown): Promise<boolean> {
  const isCandidate = ["ENOTEMPTY", "EEXIST", "ENOTDIR", "EPERM"].includes(systemCode(cause) ?? "");
  return isCandidate && (await isThere(target));
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
