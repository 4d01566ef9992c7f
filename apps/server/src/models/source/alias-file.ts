/** Reads the alias file against what the repository holds, and writes it so that nobody reads half of it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AttuneError, isAttuneError } from "@attune/contracts";
import {
  type AliasEntry,
  type AliasFile,
  aliasFileName,
  aliasTargets,
  parseAliasFile,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import { jsonBytes, replaceFiles } from "@attune/store";
import { type Candidate, readManifest, type Scan } from "./version-source.ts";

/**
 * @returns undefined without a file.
 * @throws {AttuneError} `SERVER_ALIASES` with every problem: of the file, or else of what its aliases lead to.
 */
export async function readAliases(
  dir: string,
  models: Scan["models"],
): Promise<readonly AliasEntry[] | undefined> {
  const bytes = await readIfThere(join(dir, aliasFileName));
  if (bytes === undefined) return undefined;
  const { aliases } = parse(bytes);
  const issues = (await Promise.all(aliases.map((entry) => checkEntry(entry, models)))).flat();
  if (issues.length > 0) throw new AttuneError("SERVER_ALIASES", { issues });
  return aliases;
}

/**
 * Writes the alias file aside and renames it into place.
 *
 * @throws {AttuneError} `MANIFEST_INVALID` when it is not consistent in itself, `FILE_WRITE`; the file in place stays.
 */
export async function writeAliasFile(dir: string, aliases: readonly AliasEntry[]): Promise<void> {
  const file = parseAliasFile({ schemaVersion: 1, aliases }, aliasFileName);
  await replaceFiles(dir, new Map([[aliasFileName, jsonBytes(file)]]));
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new AttuneError("SERVER_ALIASES", { issues: [`(root): cannot be read (${code})`] }, { cause });
  }
}

function parse(bytes: Uint8Array): AliasFile {
  try {
    return parseAliasFile(parseJsonBytes(bytes, aliasFileName), aliasFileName);
  } catch (cause) {
    if (!isAttuneError(cause)) throw cause;
    const issues = isAttuneError(cause, "MANIFEST_INVALID") ? cause.details.issues : [cause.message];
    throw new AttuneError("SERVER_ALIASES", { issues }, { cause });
  }
}

async function checkEntry(entry: AliasEntry, models: Scan["models"]): Promise<readonly string[]> {
  const { alias } = entry;
  const issues: string[] = [];
  if (models.has(alias)) issues.push(`${alias}: a model has this name already`);
  const candidates: Candidate[] = [];
  for (const { model, version } of aliasTargets(entry)) {
    const candidate = models.get(model)?.get(version);
    if (candidate === undefined) issues.push(`${alias}: there is no complete version ${model}/${version}`);
    else candidates.push(candidate);
  }
  if (candidates.length < 2) return issues;
  const tasks = new Set((await Promise.all(candidates.map(taskOf))).filter((task) => task !== undefined));
  if (tasks.size > 1) {
    issues.push(`${alias}: its split is over models of different tasks (${[...tasks].join(", ")})`);
  }
  return issues;
}

/** A version whose manifest cannot be read is refused when it is loaded, with the reason. */
const taskOf = ({ dir }: Candidate) =>
  readManifest(dir).then(
    ({ task }) => task,
    () => undefined,
  );
