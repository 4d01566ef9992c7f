/** Parity is measured after the artifact exists: the one change an artifact ever sees. */
import path from "node:path";
import {
  type ArtifactManifest,
  artifactFiles,
  parseArtifactManifest,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import { hashBytes, jsonBytes, readBytes, replaceFiles } from "@attune/store";
import { replaceCardParity } from "../card/model-card.ts";
import { replaceReportParity } from "../report/create-report.ts";

type Parity = NonNullable<ArtifactManifest["parity"]>;
type Unverified = NonNullable<ArtifactManifest["unverified"]>;

/**
 * Writes how far runtimes are from the trainer into the manifest, the report and the card of an artifact.
 *
 * All three are written aside and then moved into place, the manifest last. Runtimes measured earlier are kept; one that
 * was ever measured is not unverified, since the model's bytes never change.
 *
 * @param parity - runtime's name → result.
 * @param unverified - runtime's name → why it could not be measured. Words for people, nothing of this machine.
 * @throws {AttuneError} `FILE_READ`, `MANIFEST_INVALID`, `MANIFEST_VERSION`, `FILE_WRITE`.
 */
export async function writeParity(
  dir: string,
  parity: Parity,
  unverified: Unverified = {},
): Promise<ArtifactManifest> {
  const file = path.join(dir, artifactFiles.manifest);
  const before = parseArtifactManifest(parseJsonBytes(await readBytes(file), file), file);
  const merged = { ...before.parity, ...parity };
  const left = Object.entries({ ...before.unverified, ...unverified }).filter(([name]) => !(name in merged));
  const reasons = left.length > 0 ? Object.fromEntries(left) : undefined;
  const files = new Map<string, Uint8Array>();
  for (const [name, replace] of [
    [artifactFiles.report, replaceReportParity],
    [artifactFiles.card, replaceCardParity],
  ] as const) {
    if (!Object.hasOwn(before.files, name)) continue;
    const text = new TextDecoder().decode(await readBytes(path.join(dir, name)));
    files.set(name, new TextEncoder().encode(replace(text, merged, reasons)));
  }
  const hashes = Object.fromEntries(Array.from(files, ([name, bytes]) => [name, hashBytes(bytes)]));
  const { unverified: _replaced, ...rest } = before;
  const manifest = parseArtifactManifest(
    {
      ...rest,
      files: { ...before.files, ...hashes },
      parity: merged,
      ...(reasons && { unverified: reasons }),
    },
    file,
  );
  files.set(artifactFiles.manifest, jsonBytes(manifest));
  await replaceFiles(dir, files);
  return manifest;
}
