/** A whole artifact in memory: files by name, as a folder or a server would hold them. */
import type { TaskName } from "@attune/contracts";
import type { ArtifactManifest, GoldenFile } from "@attune/contracts/manifest";
import { encodeJson } from "./manifest-fields.ts";

export interface ArtifactFiles<T extends TaskName = TaskName> {
  readonly manifest: ArtifactManifest<T>;
  readonly golden: GoldenFile<T>;
  /** File name → bytes, `manifest.json` included. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Edits a manifest before it is written, to make broken ones. */
export type ChangeManifest<T extends TaskName> = (manifest: ArtifactManifest<T>) => ArtifactManifest<T>;

/**
 * @param describe - the manifest over the files given.
 * @param others - further files that it lists.
 */
export function artifactFilesOf<T extends TaskName>(
  model: Uint8Array,
  golden: GoldenFile<T>,
  describe: (content: Readonly<Record<string, Uint8Array>>) => ArtifactManifest<T>,
  others: Readonly<Record<string, Uint8Array>> = {},
): ArtifactFiles<T> {
  const content = { "model.onnx": model, "golden.json": encodeJson(golden), ...others };
  const manifest = describe(content);
  return { manifest, golden, files: { ...content, "manifest.json": encodeJson(manifest) } };
}
