/** The model's configuration as Triton's extension has it: what load generators ask for before they send anything. */
import type { DataType, ValueInfo } from "@attune/contracts";
import type { ServedVersion } from "../models/models.ts";
import { maxRequestsPerBody } from "../routes/one-or-many.ts";
import { isOptionalInput } from "./request/decode-inputs.ts";
import { wireDims } from "./tensors/shape.ts";

const configTypes: Readonly<Record<DataType, string>> = {
  float32: "TYPE_FP32",
  float64: "TYPE_FP64",
  int32: "TYPE_INT32",
  int64: "TYPE_INT64",
  bool: "TYPE_BOOL",
  string: "TYPE_STRING",
};

/**
 * Where every tensor has a row for each request, dims are those of one row and `max_batch_size` is the limit of rows.
 * Otherwise (`k` has no rows) it is 0, which means: the batch is one of the dims.
 */
export function modelConfig(name: string, { manifest }: ServedVersion) {
  const { inputs, outputs } = manifest.signature;
  const isBatched = [...inputs, ...outputs].every(({ dims }) => typeof dims[0] === "string");
  const describe = ({ name: tensor, dtype, dims }: ValueInfo) => ({
    name: tensor,
    data_type: configTypes[dtype],
    dims: rowDims(wireDims(dims), isBatched),
  });
  return {
    name,
    platform: "onnxruntime_onnx",
    backend: "onnxruntime",
    version_policy: { latest: { num_versions: 1 } },
    max_batch_size: isBatched ? maxRequestsPerBody : 0,
    input: inputs.map((input) => ({
      ...describe(input),
      format: "FORMAT_NONE",
      is_shape_tensor: false,
      allow_ragged_batch: false,
      optional: isOptionalInput(manifest.task, input.name),
    })),
    output: outputs.map((output) => ({ ...describe(output), is_shape_tensor: false })),
    ...(isBatched && { dynamic_batching: {} }),
    model_transaction_policy: { decoupled: false },
  };
}

/** A row of one value keeps a dim: the configuration has no empty shapes. */
function rowDims(dims: readonly number[], isBatched: boolean): readonly number[] {
  if (!isBatched) return dims;
  return dims.length > 1 ? dims.slice(1) : [1];
}
