/** `config.pbtxt` for Triton and KServe, which serve the same folder. It belongs beside the versions, not inside one. */
import type { ArtifactManifest } from "@attune/contracts/manifest";

const tritonType: Readonly<Record<ArtifactManifest["signature"]["inputs"][number]["dtype"], string>> = {
  float32: "TYPE_FP32",
  float64: "TYPE_FP64",
  int32: "TYPE_INT32",
  int64: "TYPE_INT64",
  bool: "TYPE_BOOL",
  string: "TYPE_STRING",
};

/** Triton's own batching stays off (`max_batch_size: 0`): `k` has no batch axis. */
export function createTritonConfig({ name, signature }: ArtifactManifest): string {
  const list = (values: ArtifactManifest["signature"]["inputs"]) =>
    values
      .map(({ name: value, dtype, dims }) => {
        const sizes = dims.map((dim) => (typeof dim === "number" ? dim : -1)).join(", ");
        return `  { name: "${value}" data_type: ${tritonType[dtype]} dims: [ ${sizes} ] }`;
      })
      .join(",\n");
  return [
    `name: "${name}"`,
    'backend: "onnxruntime"',
    "max_batch_size: 0",
    `input [\n${list(signature.inputs)}\n]`,
    `output [\n${list(signature.outputs)}\n]`,
    "",
  ].join("\n");
}
