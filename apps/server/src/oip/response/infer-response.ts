/** An infer response: outputs as JSON, or behind it as binary data, as the caller asked for each. */
import type { DataType, Tensor, ValueInfo } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import type { AnswerBody } from "../body/send-body.ts";
import type { InferRequest } from "../request/infer-request.ts";
import { invalid, quote } from "../request/problems.ts";
import { codecs } from "../tensors/codecs.ts";
import { datatypeOf } from "../tensors/datatype.ts";

export interface WantedOutput {
  readonly output: ValueInfo;
  readonly binary: boolean;
}

/** @throws {AttuneError} `REQUEST_INVALID` for outputs that the model has not. */
export function wantedOutputs(
  { outputs, binaryOutputs }: InferRequest,
  { signature }: ArtifactManifest,
): readonly WantedOutput[] {
  if (outputs === undefined) return signature.outputs.map((output) => ({ output, binary: binaryOutputs }));
  const issues: string[] = [];
  const wanted = outputs.flatMap(({ name, binary }, index) => {
    const output = signature.outputs.find((one) => one.name === name);
    if (output !== undefined) return [{ output, binary }];
    const known = signature.outputs.map((one) => one.name).join(", ");
    issues.push(`outputs[${index}]: ${quote(name)} is no output of the model; known are ${known}`);
    return [];
  });
  if (issues.length > 0) throw invalid(issues);
  return wanted;
}

export interface ResponseNames {
  /** As the caller named it. */
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
}

export function writeResponse(
  names: ResponseNames,
  wanted: readonly WantedOutput[],
  encode: (output: ValueInfo) => Tensor,
): AnswerBody {
  const binary: Buffer[] = [];
  const outputs = wanted.map(({ output, binary: isBinary }) => {
    const { dtype, dims, data } = encode(output);
    const head = { name: output.name, datatype: datatypeOf[dtype], shape: dims };
    if (!isBinary) return { ...head, data: toJson(dtype, data) };
    const bytes = toBytes(dtype, data);
    binary.push(bytes);
    return { ...head, parameters: { binary_data_size: bytes.length } };
  });
  return { json: JSON.stringify({ ...names, outputs }), binary };
}

// A tensor's data is of its dtype; the type of the pair does not survive being taken apart.
const toJson = <D extends DataType>(dtype: D, data: Tensor["data"]) => codecs[dtype].toJson(data as never);
const toBytes = <D extends DataType>(dtype: D, data: Tensor["data"]) => codecs[dtype].toBytes(data as never);
