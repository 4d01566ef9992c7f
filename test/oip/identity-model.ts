/** Models that give back what they get, and the reading of tensors that an exact server does. */

export interface TensorSpec {
  readonly name: string;
  readonly datatype: keyof typeof sizeBytes | "BYTES";
  readonly shape: readonly number[];
}

/** Input → output of the same tensor. */
export const models: ReadonlyMap<string, readonly TensorSpec[]> = new Map([
  [
    "identity",
    [
      { name: "text", datatype: "BYTES", shape: [-1, 2] },
      { name: "ids", datatype: "INT64", shape: [-1, -1] },
      { name: "values", datatype: "FP32", shape: [-1, 3] },
    ],
  ],
  ["single", [{ name: "values", datatype: "FP32", shape: [-1, 3] }]],
]);

export const version = "1";
export const outputName = (input: string) => `${input}_out`;

export class Refusal extends Error {
  readonly status: number;
  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

const sizeBytes = { INT64: 8, FP32: 4 };
type Elements = readonly unknown[];

export interface RequestInput {
  readonly name?: unknown;
  readonly shape?: unknown;
  readonly datatype?: unknown;
  readonly data?: unknown;
}

/** The elements, row-major, once everything about them is right. */
export function readInput(spec: TensorSpec, input: RequestInput, blob: Buffer | undefined): Elements {
  const { shape, datatype, data } = input;
  if (datatype !== spec.datatype) throw new Refusal(`${spec.name} has the datatype ${spec.datatype}`);
  const isSize = (dim: unknown) => Number.isSafeInteger(dim) && (dim as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(isSize))
    throw new Refusal(`the shape of ${spec.name} is no list of sizes`);
  const fits =
    shape.length === spec.shape.length && spec.shape.every((dim, axis) => dim < 0 || dim === shape[axis]);
  if (!fits) throw new Refusal(`${spec.name} has the shape [${spec.shape}]`);
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (blob !== undefined) {
    if (data !== undefined) throw new Refusal(`${spec.name} has both data and bytes`);
    return readBlob(spec, blob, count);
  }
  if (!Array.isArray(data)) throw new Refusal(`${spec.name} has no data`);
  const elements = data.some(Array.isArray) ? data.flat(shape.length - 1) : data;
  const isElement = { BYTES: isText, INT64: Number.isSafeInteger, FP32: Number.isFinite }[spec.datatype];
  if (elements.length !== count || !elements.every(isElement)) {
    throw new Refusal(`${spec.name} needs ${count} elements of ${spec.datatype}`);
  }
  return elements;
}

const isText = (value: unknown) => typeof value === "string";

function readBlob({ name, datatype }: TensorSpec, blob: Buffer, count: number): Elements {
  if (datatype !== "BYTES" && blob.length !== count * sizeBytes[datatype]) {
    throw new Refusal(`${name} needs ${count * sizeBytes[datatype]} bytes`);
  }
  if (datatype === "FP32") return Array.from({ length: count }, (_, at) => blob.readFloatLE(at * 4));
  if (datatype === "INT64")
    return Array.from({ length: count }, (_, at) => Number(blob.readBigInt64LE(at * 8)));
  const texts: string[] = [];
  let at = 0;
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32LE(at);
    if (end > blob.length) throw new Refusal(`a text of ${name} ends past its bytes`);
    texts.push(blob.toString("utf8", at + 4, end));
    at = end;
  }
  if (texts.length !== count || at !== blob.length) throw new Refusal(`${name} needs ${count} texts`);
  return texts;
}

export function writeBlob(datatype: TensorSpec["datatype"], elements: Elements): Buffer {
  return Buffer.concat(
    elements.map((element) => {
      if (datatype === "BYTES") {
        const text = Buffer.from(element as string);
        const length = Buffer.alloc(4);
        length.writeUInt32LE(text.length);
        return Buffer.concat([length, text]);
      }
      const bytes = Buffer.alloc(sizeBytes[datatype]);
      if (datatype === "FP32") bytes.writeFloatLE(element as number);
      else bytes.writeBigInt64LE(BigInt(element as number));
      return bytes;
    }),
  );
}
