import { assertModel, type Model, readModel } from "@attune/onnx";

/**
 * Reads a model's bytes as an artifact's file must be: parsed, self-contained, every op, dtype and shape known.
 *
 * @param source - what to call it in an error, usually the file's path.
 * @throws {AttuneError} `ONNX_PARSE` when it is no ONNX file, `ONNX_INVALID` with every broken rule (external data, an op
 * that is not in the list, a missing input, …).
 */
export function checkArtifactModel(bytes: Uint8Array, source = "model.onnx"): Model {
  const model = readModel(bytes, { source });
  assertModel(model, source);
  return model;
}
