/** Where a project's artifacts are, and which one is meant. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { AttuneError } from "@attune/contracts";
import {
  type ArtifactManifest,
  artifactFiles,
  parseArtifactManifest,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import { readBytes } from "@attune/store";
import type { Io } from "../io.ts";
import { loadProject, type Project } from "./load.ts";
import { resolveProject } from "./resolve.ts";

/** The option of every command that works on an artifact. */
export const artifactOption = {
  artifact: {
    type: "string",
    placeholder: "DIR",
    description: "artifact folder (default: the project's newest)",
  },
} as const;

/** The folder that `--artifact` and `--config` mean. */
export async function resolveArtifact(
  values: { readonly artifact: string | undefined; readonly config: string | undefined },
  io: Io,
): Promise<string> {
  if (values.artifact !== undefined) return path.resolve(io.cwd, values.artifact);
  return newestArtifact(await loadProject(resolveProject(values.config, io)));
}

export function artifactsDir(project: Project): string {
  return path.join(project.dir, ".attune", "artifacts");
}

/** Folder of the newest version. @throws {AttuneError} `FILE_READ` when nothing was exported yet. */
export function newestArtifact(project: Project): string {
  const newest = findNewestArtifact(project);
  if (newest !== undefined) return newest;
  throw new AttuneError("FILE_READ", {
    path: path.join(artifactsDir(project), project.config.name),
    reason: "no artifact there; run `attune export` or `attune quickstart` first",
  });
}

/** Folder of the newest version; undefined when nothing was exported yet. */
function findNewestArtifact(project: Project): string | undefined {
  return listArtifacts(project).at(-1);
}

/** Folders of all versions, the newest last. */
export function listArtifacts(project: Project): readonly string[] {
  const dir = path.join(artifactsDir(project), project.config.name);
  return listVersions(dir).map((version) => path.join(dir, String(version)));
}

/** The newest version beside an artifact's folder. */
export function newestBeside(dir: string): number | undefined {
  return listVersions(path.dirname(dir)).at(-1);
}

function listVersions(dir: string): number[] {
  try {
    return readdirSync(dir)
      .filter((name) => /^[1-9][0-9]*$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/** An artifact as every command prints it. */
export interface ArtifactResult {
  readonly name: string;
  readonly version: number;
  /** Its folder, relative to the folder the command runs in. */
  readonly path: string;
  /** Of model.onnx, as its manifest has it. */
  readonly sha256: string;
  readonly bytes: number;
}

export function describeArtifact(
  { dir, manifest }: { readonly dir: string; readonly manifest: ArtifactManifest },
  io: Io,
): ArtifactResult {
  const { name, version, files } = manifest;
  const { sha256, bytes } = files[artifactFiles.model]!;
  return { name, version, path: path.relative(io.cwd, dir) || ".", sha256, bytes };
}

/** @throws {AttuneError} `FILE_READ`, `MANIFEST_INVALID`, `MANIFEST_VERSION` */
export async function readArtifactResult(dir: string, io: Io): Promise<ArtifactResult> {
  const file = path.join(dir, artifactFiles.manifest);
  return describeArtifact(
    { dir, manifest: parseArtifactManifest(parseJsonBytes(await readBytes(file), file), file) },
    io,
  );
}
