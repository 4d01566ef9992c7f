/** Finding the artifact to measure. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { BenchError } from "./bench.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const exampleArtifacts = join(root, "examples", "movielens", ".attune", "artifacts");

/**
 * The folder given, or the newest artifact of the MovieLens example.
 *
 * @throws {BenchError} when there is none, with the command that makes one.
 */
export function findArtifact(given: string | undefined): string {
  if (given !== undefined) {
    const dir = resolve(given);
    if (existsSync(join(dir, "manifest.json"))) return dir;
    throw new BenchError(`no manifest.json in ${given}: give the folder of one version of an artifact`);
  }
  const newest = listVersions(exampleArtifacts).toSorted((a, b) => modified(b) - modified(a))[0];
  if (newest !== undefined) return newest;
  throw new BenchError(
    `no artifact under ${relative(root, exampleArtifacts)}: run \`npm start\` (the quickstart) once, or pass --artifact DIR`,
  );
}

/** `<artifacts>/<name>/<version>` folders that hold a manifest. */
function listVersions(artifacts: string): string[] {
  return folders(artifacts)
    .flatMap(folders)
    .filter((dir) => existsSync(join(dir, "manifest.json")));
}

function folders(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(dir, entry.name));
}

function modified(dir: string): number {
  return statSync(join(dir, "manifest.json")).mtimeMs;
}
