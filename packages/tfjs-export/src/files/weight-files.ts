/** Reads the weight files of a model from its own folder and checks that they hold what the manifest promises. */
import path from "node:path";
import { isAttuneError } from "@attune/contracts";
import { readBytes } from "@attune/store";
import type { io } from "@tensorflow/tfjs-core";
import type { WeightGroup } from "./model-json.ts";
import { countNotFinite, type Infinities } from "./not-finite.ts";
import { storedBytes } from "./weight-entry.ts";

/**
 * The bytes of a group, or `undefined` with the reasons in `issues`.
 *
 * @param dir - the folder of model.json: paths are relative to it and may not leave it.
 */
export async function readWeightGroup(
  dir: string,
  group: WeightGroup,
  infinities: Infinities,
  issues: string[],
): Promise<ArrayBuffer | undefined> {
  const before = issues.length;
  const files: Uint8Array[] = [];
  for (const name of group.paths) {
    const refusal = refusePath(name);
    if (refusal === undefined) files.push(await readWeightFile(dir, name, issues));
    else issues.push(`weight file ${name} ${refusal}`);
  }
  if (issues.length > before || group.entries === undefined) return undefined;
  const bytes = new Uint8Array(files.reduce((sum, file) => sum + file.byteLength, 0));
  let end = 0;
  for (const file of files) {
    bytes.set(file, end);
    end += file.byteLength;
  }
  const sizes = group.paths.map((name, at) => `${name} (${files[at]!.byteLength} bytes)`).join(", ");
  issues.push(...checkWeights(group.entries, sizes, new DataView(bytes.buffer), infinities));
  return issues.length > before ? undefined : bytes.buffer;
}

/** A model brings its weights along: nothing else on the machine, and nothing of the network, is read. */
function refusePath(name: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]+:/i.test(name))
    return "is remote; download it beside model.json and write its file name in the manifest";
  const relative = path.normalize(name);
  if (path.isAbsolute(name) || relative.split(path.sep)[0] === "..")
    return "lies outside the folder of model.json; put it beside model.json and write its file name in the manifest";
  return undefined;
}

async function readWeightFile(dir: string, name: string, issues: string[]): Promise<Uint8Array> {
  try {
    return await readBytes(path.join(dir, name));
  } catch (cause) {
    if (!isAttuneError(cause, "FILE_READ")) throw cause;
    issues.push(`weight file ${name} cannot be read: ${cause.details.reason}`);
    return new Uint8Array();
  }
}

function checkWeights(
  entries: readonly io.WeightsManifestEntry[],
  files: string,
  bytes: DataView<ArrayBuffer>,
  infinities: Infinities,
): readonly string[] {
  const issues: string[] = [];
  let offset = 0;
  for (const entry of entries) {
    const size = storedBytes(entry, bytes, offset);
    const whole = offset + size <= bytes.byteLength;
    if (whole) issues.push(...countNotFinite(entry, bytes.buffer.slice(offset, offset + size), infinities));
    offset += size;
  }
  if (offset === bytes.byteLength) return issues;
  // What lies where in files of a wrong size is a guess, and so are the values found in them.
  const difference = bytes.byteLength - offset;
  return [
    `${files === "" ? "no weight file" : `weight files ${files}`}: ${bytes.byteLength} bytes, but the weights take ${offset} ` +
      `(${Math.abs(difference)} too ${difference < 0 ? "few" : "many"}); copy the files again, or save the model again`,
  ];
}
