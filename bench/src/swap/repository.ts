/** A repository of a hundred versions of one artifact, one of them damaged. */
import { link, mkdir, mkdtemp, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Repository {
  readonly dir: string;
  readonly model: string;
  /** Lets champion lead to a version, as a release would: written beside, renamed. */
  release(version: number): Promise<void>;
}

const model = "movies";

/** @param damaged - its model.onnx has a flipped bit. */
export async function createRepository(
  artifactDir: string,
  versions: number,
  damaged: number,
): Promise<Repository> {
  const dir = await mkdtemp(join(tmpdir(), "attune-swap-"));
  const names = await readdir(artifactDir);
  const manifest = JSON.parse(await readFile(join(artifactDir, "manifest.json"), "utf8")) as Record<
    string,
    unknown
  >;
  for (let version = 1; version <= versions; version++) {
    const target = join(dir, model, String(version));
    await mkdir(target, { recursive: true });
    for (const name of names) {
      if (name === "manifest.json") continue;
      if (name === "model.onnx" && version === damaged) {
        const bytes = await readFile(join(artifactDir, name));
        bytes[bytes.length >> 1]! ^= 1;
        await writeFile(join(target, name), bytes);
      } else
        await link(join(artifactDir, name), join(target, name)).catch(() => copy(artifactDir, target, name));
    }
    await writeFile(join(target, "manifest.json"), JSON.stringify({ ...manifest, version }));
  }
  return {
    dir,
    model,
    async release(version) {
      const file = join(dir, "aliases.json");
      const aliases = [{ alias: "champion", model, version }];
      await writeFile(`${file}.tmp`, JSON.stringify({ schemaVersion: 1, aliases }));
      await rename(`${file}.tmp`, file);
    },
  };
}

/** Where the temporary folder is on another disk. */
async function copy(from: string, to: string, name: string): Promise<void> {
  await writeFile(join(to, name), await readFile(join(from, name)));
}
