/** A repository: `<name>/<version>/` folders of artifacts. Half-written versions do not exist: the manifest comes last. */
import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { AttuneError } from "@attune/contracts";
import { artifactFiles, modelNamePattern } from "@attune/contracts/manifest";
import { readAliases } from "./alias-file.ts";
import type { Candidate, Scan, VersionSource } from "./version-source.ts";

/** Whole numbers from 1 without leading zeros, short enough to be exact. */
const versionPattern = /^[1-9][0-9]{0,14}$/;

/** Names never come from a request: what is asked for is looked up among the folders that were found here. */
export function repository(dir: string): VersionSource {
  return {
    kind: "repository",
    async scan() {
      const warnings: string[] = [];
      const models = await findModels(dir, warnings);
      const aliases = await readAliases(dir, models).catch((cause: unknown) => {
        if (cause instanceof AttuneError && cause.code === "SERVER_ALIASES") return cause;
        throw cause;
      });
      return { models, warnings, aliases: aliases as Scan["aliases"] };
    },
  };
}

async function findModels(dir: string, warnings: string[]): Promise<Map<string, Map<number, Candidate>>> {
  let root: string;
  let entries: readonly Dirent[];
  try {
    root = await realpath(dir);
    entries = await listFolders(dir);
  } catch (cause) {
    throw new AttuneError("SERVER_REPOSITORY", { issues: [reasonOf(cause)] }, { cause });
  }
  const models = new Map<string, Map<number, Candidate>>();
  for (const { name } of entries) {
    if (!modelNamePattern.test(name)) {
      warnings.push(`${quote(name)}: no name of a model: 1 to 128 letters, digits, . _ - (no ..)`);
      continue;
    }
    const versions = await findVersions(dir, root, name, warnings);
    if (versions.size > 0) models.set(name, versions);
  }
  return models;
}

async function findVersions(
  dir: string,
  root: string,
  name: string,
  warnings: string[],
): Promise<Map<number, Candidate>> {
  const versions = new Map<number, Candidate>();
  let entries: readonly Dirent[];
  try {
    if (!(await isInside(root, join(dir, name)))) {
      warnings.push(`${name}: leads outside the repository`);
      return versions;
    }
    entries = await listFolders(join(dir, name));
  } catch (cause) {
    warnings.push(`${name}: ${reasonOf(cause)}`);
    return versions;
  }
  for (const { name: folder } of entries) {
    const at = `${name}/${quote(folder)}`;
    const path = join(dir, name, folder);
    if (!versionPattern.test(folder)) {
      warnings.push(`${at}: no version: a whole number from 1, without leading zeros`);
    } else if (!(await isInside(root, path).catch(() => false))) {
      warnings.push(`${at}: leads outside the repository`);
    } else if (await isFile(join(path, artifactFiles.manifest))) {
      versions.set(Number(folder), { name, version: Number(folder), dir: path });
    }
  }
  return versions;
}

/** Folders and links, in order; without what is hidden or on its way (`.staging-…`, `3.tmp`), which tools rename into place. */
async function listFolders(dir: string): Promise<readonly Dirent[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .filter(({ name }) => !name.startsWith(".") && !name.endsWith(".tmp"))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function isInside(root: string, path: string): Promise<boolean> {
  return (await realpath(path)).startsWith(root + sep);
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** A name as it is where it is plain; quoted and cut where it may hold anything. */
const quote = (name: string) => (/^[\w.-]{1,128}$/.test(name) ? name : JSON.stringify(name.slice(0, 128)));

/** The system's code: its message holds the path. */
const reasonOf = (cause: unknown) => `cannot be read (${(cause as NodeJS.ErrnoException).code ?? "unknown"})`;
