/** What the server and its models say of themselves. */
import type { ValueInfo } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import type { ServedVersion } from "../models/models.ts";
import { maxRequestsPerBody } from "../routes/one-or-many.ts";
import { packageVersion } from "../version.ts";
import { datatypeOf } from "./tensors/datatype.ts";
import { wireDims } from "./tensors/shape.ts";

/** Names as Triton has them: clients look for these. */
export const serverMetadata = {
  name: "attune",
  version: packageVersion,
  extensions: ["binary_tensor_data", "model_configuration", "parameters", "statistics"],
} as const;

/** Of the server where models are loaded and unloaded. */
export const repositoryMetadata = { ...serverMetadata, extensions: ["model_repository"] } as const;

/** ONNX, in the protocol's list of platforms. */
const platform = "onnx_onnxv1";

/**
 * @param name - as the caller named the model.
 * @param versions - that answer, ascending.
 */
export function modelMetadata(name: string, version: ServedVersion, versions: readonly number[]) {
  const { inputs, outputs } = version.manifest.signature;
  return {
    name,
    versions: versions.map(String),
    platform,
    inputs: inputs.map(tensorMetadata),
    outputs: outputs.map(tensorMetadata),
    properties: modelProperties(version),
  };
}

function tensorMetadata({ name, dtype, dims }: ValueInfo) {
  return { name, datatype: datatypeOf[dtype], shape: wireDims(dims) };
}

/** Texts only, as the protocol has it. */
function modelProperties({
  name,
  version,
  sha256,
  manifest,
}: ServedVersion): Readonly<Record<string, string>> {
  return {
    model: name,
    version: String(version),
    sha256,
    task: manifest.task,
    kind: manifest.model.kind,
    signature: String(manifest.signature.version),
    max_rows: String(maxRequestsPerBody),
    ...taskProperties(manifest),
  };
}

function taskProperties(manifest: ArtifactManifest): Readonly<Record<string, string>> {
  switch (manifest.task) {
    case "recommend": {
      const { maxK, maxHistory, maxExclude, maxAllow } = manifest.limits;
      return {
        items: String(manifest.catalogue.items),
        max_k: String(maxK),
        max_history: String(maxHistory),
        max_exclude: String(maxExclude),
        max_allow: String(maxAllow),
      };
    }
    case "classify":
      return { classes: JSON.stringify(manifest.classes) };
    case "hierarchical":
      return { levels: JSON.stringify(manifest.levels) };
    default:
      return {};
  }
}
