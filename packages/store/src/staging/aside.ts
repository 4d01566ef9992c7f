/**
 * Folders beside the place where things will stand, on the same file system: what is written there can be renamed into
 * place. A folder carries its owner in its name, so that one left by a killed process is known and removed.
 */
import { createHash } from "node:crypto";
import { lstat, mkdtemp, readdir, readlink, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { systemCode } from "../failure.ts";

/** Inside a folder: what stood at the place and had to step aside, under its own name. */
const replacedDir = "replaced";

/**
 * Makes a folder `.staging-<host>-<pid>-<random>` in `parent`, and removes those whose process is gone.
 *
 * @throws the system's error
 */
export async function makeAside(parent: string): Promise<string> {
  const host = await hostMark();
  await removeStale(parent, host);
  return await mkdtemp(join(parent, `.staging-${host}-${process.pid}-`));
}

/** Where what stands at the place of `name` waits while its successor moves in. */
export function replacedPath(aside: string, name: string): string {
  return join(aside, replacedDir, name);
}

/**
 * Returns what had to step aside, unless its place is taken by now.
 *
 * @returns `false` when something cannot return; it is nowhere else then.
 */
export async function putBack(aside: string): Promise<boolean> {
  for (const name of await readdir(join(aside, replacedDir)).catch(() => [])) {
    const place = join(dirname(aside), name);
    if (await isThere(place)) continue;
    const isBack = await rename(replacedPath(aside, name), place).then(
      () => true,
      () => false,
    );
    if (!isBack) return false;
  }
  return true;
}

/** Removes a folder. What cannot be removed now (a vanished disk) is a hidden folder that nothing reads. */
export async function removeAside(aside: string): Promise<void> {
  if (await putBack(aside)) await rm(aside, { recursive: true, force: true }).catch(() => {});
}

export async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/** Only a process of this host is known to be gone; what another host left is its own to remove. */
async function removeStale(parent: string, host: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, owner, pid] = /^\.staging-([0-9a-f]{8})-([1-9][0-9]*)-[^-]+$/.exec(name) ?? [];
    if (owner === host && !isAlive(Number(pid))) await removeAside(join(parent, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // EPERM: it runs, as another user.
    return systemCode(cause) !== "ESRCH";
  }
}

/** 8 hex digits of where process ids mean the same: the machine and, on Linux, the container. */
async function hostMark(): Promise<string> {
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return createHash("sha256").update(`${hostname()} ${namespace}`).digest("hex").slice(0, 8);
}
