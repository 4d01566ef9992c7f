/** Temporary folders for the server's tests, with an artifact in them or empty. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyArtifact } from "@attune/testkit";
import { onTestFinished } from "vitest";

/** As much of an artifact as a folder needs. */
export interface Files {
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const prefix = join(tmpdir(), "attune-server-");

/** A temporary folder, gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(prefix);
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** An artifact's files in a temporary folder, gone after the test. */
export async function artifactFolder(artifact: Files = tinyArtifact()): Promise<string> {
  const dir = await writeArtifact(artifact);
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** In a temporary folder that the caller removes. */
export async function writeArtifact({ files }: Files): Promise<string> {
  const dir = await mkdtemp(prefix);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(dir, name), bytes);
  return dir;
}
