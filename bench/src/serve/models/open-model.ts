/** An artifact and what it is asked. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArtifactManifest } from "@attune/contracts/manifest";
import { BenchError } from "../../bench.ts";
import { readRequestMix } from "../../request-mix.ts";
import type { ServedModel } from "../engines/engine.ts";

/** The inputs that bare loop and peers feed. */
const fedInputs = ["history", "history_weight", "exclude", "allow", "k"];

/** @throws {BenchError} for a model of another task, or one that asks for time or columns. */
export async function openModel(artifactDir: string): Promise<ServedModel> {
  const file = join(artifactDir, "manifest.json");
  const manifest = parseArtifactManifest(JSON.parse(await readFile(file, "utf8")), file);
  if (manifest.task !== "recommend") {
    throw new BenchError(`${file} is of the task ${manifest.task}; this bench serves recommend`);
  }
  const others = manifest.signature.inputs
    .map(({ name }) => name)
    .filter((name) => !fedInputs.includes(name));
  if (others.length > 0) {
    throw new BenchError(
      `${file} takes ${others.join(", ")}, which the peers do not feed; give another artifact`,
    );
  }
  const requests = await readRequestMix(artifactDir, manifest.limits);
  return { artifactDir, path: join(artifactDir, "model.onnx"), manifest, requests };
}
