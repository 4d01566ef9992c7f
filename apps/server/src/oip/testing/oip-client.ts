/** A small client of the protocol, JSON and binary, for tests. Bodies are its own; the elements are written by our codecs. */
import type { DataType, Tensor } from "@attune/contracts";
import { codecs } from "../tensors/codecs.ts";
import { datatypeOf } from "../tensors/datatype.ts";
import type { OipApp } from "./oip-app.ts";

export interface OipTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: readonly unknown[];
  readonly parameters?: { readonly binary_data_size?: number };
}

export interface OipAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON part. */
  readonly body: {
    readonly error?: string;
    readonly model_name?: string;
    readonly model_version?: string;
    readonly id?: string;
    readonly outputs?: readonly OipTensor[];
  };
  /** What follows the JSON. */
  readonly binary: Buffer;
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** Sends bytes to a model's infer route as they are. */
export async function postInfer(
  { url, version: { name } }: OipApp,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<OipAnswer> {
  // Not as text: fetch would name a content type then.
  const bytes = new Uint8Array(Buffer.from(body));
  const init = { method: "POST", body: bytes, headers };
  return readAnswer(await fetch(`${url}/v2/models/${name}/infer`, init));
}

export async function readAnswer(response: Response): Promise<OipAnswer> {
  const { status, headers } = response;
  const bytes = Buffer.from(await response.arrayBuffer());
  const jsonLength = Number(headers.get("inference-header-content-length") ?? bytes.length);
  return {
    status,
    headers,
    body: JSON.parse(bytes.subarray(0, jsonLength).toString()),
    binary: bytes.subarray(jsonLength),
  };
}

export function jsonInputs(tensors: Tensors): readonly OipTensor[] {
  return Object.entries(tensors).map(([name, { dtype, dims, data }]) => ({
    name,
    datatype: datatypeOf[dtype],
    shape: dims,
    data: jsonData(dtype, data),
  }));
}

/** NaN has no JSON: a missing number is null. */
const jsonData = <D extends DataType>(dtype: D, data: Tensor["data"]) =>
  dtype === "string" ? (data as readonly string[]) : Array.from(data as ArrayLike<number | bigint>, Number);

export function askJson(app: OipApp, tensors: Tensors, rest: object = {}): Promise<OipAnswer> {
  return postInfer(app, JSON.stringify({ inputs: jsonInputs(tensors), ...rest }));
}

/** All inputs binary, all outputs too. */
export function askBinary(app: OipApp, tensors: Tensors, rest: object = {}): Promise<OipAnswer> {
  const blobs = Object.values(tensors).map(({ dtype, data }) => binaryData(dtype, data));
  const inputs = Object.entries(tensors).map(([name, { dtype, dims }], index) => ({
    name,
    datatype: datatypeOf[dtype],
    shape: dims,
    parameters: { binary_data_size: blobs[index]!.length },
  }));
  const json = Buffer.from(JSON.stringify({ inputs, parameters: { binary_data_output: true }, ...rest }));
  return postInfer(app, Buffer.concat([json, ...blobs]), {
    "inference-header-content-length": String(json.length),
  });
}

const binaryData = <D extends DataType>(dtype: D, data: Tensor["data"]) =>
  codecs[dtype].toBytes(data as never);

/** Outputs by name as plain values, wherever they were. */
export function outputValues({ body, binary }: OipAnswer): Readonly<Record<string, readonly unknown[]>> {
  let offset = 0;
  return Object.fromEntries(
    (body.outputs ?? []).map(({ name, datatype, shape, data, parameters }) => {
      const size = parameters?.binary_data_size;
      if (size === undefined) return [name, data ?? []];
      const bytes = binary.subarray(offset, offset + size);
      offset += size;
      const count = shape.reduce((product, dim) => product * dim, 1);
      return [name, plainValues(datatype, bytes, count)];
    }),
  );
}

function plainValues(datatype: string, bytes: Buffer, count: number): readonly unknown[] {
  const dtype = (Object.keys(datatypeOf) as DataType[]).find((one) => datatypeOf[one] === datatype)!;
  const data = codecs[dtype].fromBytes(bytes, count);
  if (typeof data === "string") throw new Error(data);
  return Array.from(data as Iterable<unknown>, (value) =>
    typeof value === "bigint" ? Number(value) : value,
  );
}
