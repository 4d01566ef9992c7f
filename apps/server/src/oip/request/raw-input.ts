/** A raw binary request: the whole body is the data of the model's one input, for one row. */
import { AttuneError, type Dim } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { datatypeOf, elementBytes } from "../tensors/datatype.ts";
import type { InferRequest } from "./infer-request.ts";

/**
 * As the binary extension has it: one input, at most one size that is not fixed beside the batch, a text only alone.
 * All outputs come as binary data.
 *
 * @throws {AttuneError} `REQUEST_INVALID` for a model that cannot be asked so.
 */
export function readRawRequest(body: Buffer, { signature }: ArtifactManifest): InferRequest {
  const [input, ...others] = signature.inputs;
  if (input === undefined || others.length > 0) throw refuse(`it has ${signature.inputs.length} inputs`);
  const { name, dtype, dims } = input;
  const row = dims.slice(1);
  const datatype = datatypeOf[dtype];
  const shape = dtype === "string" ? textShape(row) : numberShape(row, body.length / elementBytes[datatype]!);
  const binary = dtype === "string" ? Buffer.concat([lengthOf(body), body]) : body;
  return { inputs: [{ name, datatype, shape: [1, ...shape], binary }], binaryOutputs: true };
}

/** What stands before a text among others. */
function lengthOf(text: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return length;
}

function textShape(row: readonly Dim[]): readonly number[] {
  if (row.some((dim) => dim !== 1)) throw refuse("its input takes several texts");
  return row.map(() => 1);
}

/** The one size that is not fixed is what the body has left for it. */
function numberShape(row: readonly Dim[], elements: number): readonly number[] {
  const fixed = row.filter((dim) => typeof dim === "number");
  if (row.length - fixed.length > 1) throw refuse("its input has several sizes that are not fixed");
  const rest = elements / fixed.reduce((product, dim) => product * dim, 1);
  return row.map((dim) => (typeof dim === "number" ? dim : rest));
}

function refuse(reason: string): AttuneError {
  const issue = `(root): a raw binary request does not fit this model: ${reason}; send inputs with names and shapes`;
  return new AttuneError("REQUEST_INVALID", { issues: [issue] });
}
