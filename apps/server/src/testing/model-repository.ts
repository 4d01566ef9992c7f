/** Repositories of tiny artifacts on disk, and versions that are opened without a server. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { createNodeSession, readArtifact } from "@attune/runtime-node";
import { tinyArtifact, tinyCatalogue } from "@attune/testkit";
import type { OpenedVersion } from "../models/version-shelf.ts";
import type { Files } from "./artifact-folder.ts";

/** The tiny recommender as a version: each has weights of its own. */
export function tinyVersion(
  version: number,
  change: (manifest: ArtifactManifest<"recommend">) => ArtifactManifest<"recommend"> = (same) => same,
): Files {
  return tinyArtifact((manifest) => change({ ...manifest, version }), tinyCatalogue(12, 100 + version));
}

/** Writes `<dir>/<name>/<version>`, the manifest last. Returns the version's folder. */
export async function writeVersion(
  dir: string,
  name: string,
  version: number,
  { files }: Files = tinyVersion(version),
): Promise<string> {
  const folder = join(dir, name, String(version));
  await mkdir(folder, { recursive: true });
  const { "manifest.json": manifest, ...others } = files;
  for (const [file, bytes] of Object.entries(others)) await writeFile(join(folder, file), bytes);
  if (manifest !== undefined) await writeFile(join(folder, "manifest.json"), manifest);
  return folder;
}

/** A version with a session of its own, read and hashed, but without the server's proof. */
export interface LightVersion extends OpenedVersion {
  readonly isOpen: boolean;
}

export interface LightOpener {
  /** Sessions open now, and the most there ever were at once. */
  readonly openCount: number;
  readonly peakCount: number;
  /** Folders in the order they were asked for. */
  readonly asked: readonly string[];
  open(dir: string, served: { readonly name: string; readonly version: number }): Promise<LightVersion>;
  /** The next opening waits for what this returns to be called. */
  hold(): () => void;
}

export function lightOpener(): LightOpener {
  const asked: string[] = [];
  let openCount = 0;
  let peakCount = 0;
  let gate = Promise.resolve();

  async function open(
    dir: string,
    { name, version }: { readonly name: string; readonly version: number },
  ): Promise<LightVersion> {
    asked.push(`${name}/${version}`);
    await gate;
    const { manifest, model, golden } = await readArtifact(dir);
    const session = await createNodeSession(model);
    openCount++;
    peakCount = Math.max(peakCount, openCount);
    let isOpen = true;
    return {
      name,
      version,
      manifest,
      sha256: manifest.files["model.onnx"]!.sha256,
      parity: { ...session.runtime, runtime: "light", rows: golden.rows.length, maxAbs: 0, sameAnswer: 1 },
      get isOpen() {
        return isOpen;
      },
      async close() {
        if (!isOpen) throw new Error("closed twice");
        isOpen = false;
        openCount--;
        await session.close();
      },
    };
  }

  return {
    get openCount() {
      return openCount;
    },
    get peakCount() {
      return peakCount;
    },
    asked,
    open,
    hold() {
      let letGo = () => {};
      gate = new Promise((resolve) => {
        letGo = resolve;
      });
      return letGo;
    },
  };
}
