/** TensorProto, in every form other tools write it: raw or typed data, inside the file or beside it. */
import type { DataType, Tensor } from "@attune/contracts";
import { dataTypeOf, elementBytes, elementName } from "../element-type.ts";
import { entryField, tensorField } from "./fields.ts";
import { fromRawData } from "./raw-data.ts";
import { decodeUtf8 } from "./utf8.ts";
import {
  failParse,
  readBytes,
  readInt,
  readInts,
  readMessage,
  readReals,
  readString,
  type WireField,
  type WireSpan,
} from "./wire-reader.ts";

/** A tensor's head, and where its data lies. Nothing is decoded yet. */
export interface TensorRecord {
  readonly name: string;
  readonly elementType: number;
  readonly dims: readonly number[];
  /** Bytes of the data fields inside the file. */
  readonly byteLength: number;
  /** Name of the file beside the model that holds the data. */
  readonly location: string | undefined;
  readonly data: readonly WireField[];
  readonly span: WireSpan;
}

const dataFields: readonly number[] = [
  tensorField.rawData,
  tensorField.floatData,
  tensorField.int32Data,
  tensorField.int64Data,
  tensorField.doubleData,
  tensorField.uint64Data,
  tensorField.stringData,
];

/** Reads names, dims and dtype; notes where the data is. */
export function readTensorRecord(span: WireField): TensorRecord {
  let name = "";
  let elementType = 0;
  let isExternal = false;
  let location = "";
  const dims: bigint[] = [];
  const data: WireField[] = [];
  readMessage(span, (field) => {
    if (field.number === tensorField.dims) readInts(field, dims);
    else if (field.number === tensorField.dataType) elementType = readInt(field);
    else if (field.number === tensorField.name) name = readString(field);
    else if (field.number === tensorField.dataLocation) isExternal = readInt(field) === 1;
    else if (field.number === tensorField.externalData) location ||= readLocation(field);
    else if (dataFields.includes(field.number)) data.push(field);
  });
  return {
    name,
    elementType,
    dims: dims.map((dim) => checkDim(span, dim)),
    byteLength: data.reduce((sum, field) => sum + field.end - field.start, 0),
    location: isExternal ? location || "(unnamed)" : undefined,
    data,
    span,
  };
}

function checkDim(span: WireSpan, dim: bigint): number {
  if (dim < 0n || dim > BigInt(Number.MAX_SAFE_INTEGER))
    failParse(span, span.start, `a tensor has the dim ${dim}`);
  return Number(dim);
}

function readLocation(field: WireField): string {
  let key = "";
  let value = "";
  readMessage(field, (entry) => {
    if (entry.number === entryField.key) key = readString(entry);
    else if (entry.number === entryField.value) value = readString(entry);
  });
  return key === "location" ? value : "";
}

/** `float16[10, 4]`, with the file's name for external data. */
function describeTensor({ elementType, dims, location }: TensorRecord): string {
  const place = location === undefined ? "" : ` in the file ${location}`;
  return `${elementName(elementType)}[${dims.join(", ")}]${place}`;
}

/** The tensor, or why Attune does not compute with it. */
export function decodeTensor(record: TensorRecord): Tensor | string {
  const dtype = dataTypeOf(record.elementType);
  if (dtype === undefined || record.location !== undefined) return describeTensor(record);
  const data = decodeData(record, dtype);
  if (data === undefined) return `${describeTensor(record)} that is not UTF-8`;
  const count = record.dims.reduce((product, dim) => product * dim, 1);
  if (data.length !== count) {
    const { span, dims } = record;
    failParse(span, span.start, `tensor ${record.name} [${dims.join(", ")}] holds ${data.length} elements`);
  }
  return { dtype, dims: record.dims, data } as Tensor;
}

function decodeData(record: TensorRecord, dtype: DataType): Tensor["data"] | undefined {
  if (dtype === "string") return decodeStrings(record);
  const raw = record.data.findLast((field) => field.number === tensorField.rawData);
  if (raw !== undefined) {
    const bytes = readBytes(raw);
    if (bytes.length % elementBytes[dtype] !== 0) {
      failParse(raw, raw.start, `${bytes.length} bytes of raw data are no whole number of ${dtype}`);
    }
    return fromRawData(dtype, bytes);
  }
  const of = (number: number) => record.data.filter((field) => field.number === number);
  const reals: number[] = [];
  const ints: bigint[] = [];
  switch (dtype) {
    case "float32":
      for (const field of of(tensorField.floatData)) readReals(field, 4, reals);
      return Float32Array.from(reals);
    case "float64":
      for (const field of of(tensorField.doubleData)) readReals(field, 8, reals);
      return Float64Array.from(reals);
    case "int64":
      for (const field of of(tensorField.int64Data)) readInts(field, ints);
      return BigInt64Array.from(ints);
    case "int32":
      for (const field of of(tensorField.int32Data)) readInts(field, ints);
      return Int32Array.from(ints, Number);
    case "bool":
      for (const field of of(tensorField.int32Data)) readInts(field, ints);
      return Uint8Array.from(ints, (value) => (value === 0n ? 0 : 1));
  }
}

function decodeStrings(record: TensorRecord): readonly string[] | undefined {
  const texts: string[] = [];
  for (const field of record.data) {
    if (field.number !== tensorField.stringData) continue;
    const text = decodeUtf8(readBytes(field));
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}
