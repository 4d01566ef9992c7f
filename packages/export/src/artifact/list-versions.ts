import { readdir } from "node:fs/promises";

/** Versions that a folder of artifacts holds, rising; none when it is not there. */
export async function listVersions(dir: string): Promise<readonly number[]> {
  const names = await readdir(dir).catch(() => []);
  return names
    .filter((name) => /^[1-9][0-9]*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
