/** ValueInfoProto: the inputs and outputs of a graph. */
import type { DataType, Dim, ValueInfo } from "@attune/contracts";
import { formatDims } from "../dims.ts";
import { dataTypeOf, elementName } from "../element-type.ts";
import { dimField, shapeField, tensorTypeField, typeField, valueField } from "./fields.ts";
import { readInt, readMessage, readString, type WireField } from "./wire-reader.ts";

/** A value that Attune has types for, or a description of one that it has not. */
export type ValueRecord = ValueInfo | { readonly name: string; readonly description: string };

/** Name, dtype and dims of an input or output. */
export function readValue(message: WireField): ValueRecord {
  let name = "";
  let record: { description: string } | { dtype: DataType; dims: readonly Dim[] } = {
    description: "a value without a type",
  };
  readMessage(message, (field) => {
    if (field.number === valueField.name) name = readString(field);
    else if (field.number === valueField.type) record = readType(field);
  });
  return { name, ...record };
}

function readType(message: WireField): { description: string } | { dtype: DataType; dims: readonly Dim[] } {
  const otherKinds = {
    sequence: "a sequence",
    map: "a map",
    sparseTensor: "a sparse tensor",
    optional: "an optional",
  };
  let elementType: number | undefined;
  let dims: readonly Dim[] | undefined;
  let description = "a value without a type";
  readMessage(message, (kind) => {
    for (const [key, text] of Object.entries(otherKinds)) {
      if (kind.number === typeField[key as keyof typeof otherKinds]) description = text;
    }
    if (kind.number !== typeField.tensor) return;
    readMessage(kind, (field) => {
      if (field.number === tensorTypeField.elementType) elementType = readInt(field);
      else if (field.number === tensorTypeField.shape) dims = readDims(field);
    });
  });
  if (elementType === undefined) return { description };
  const dtype = dataTypeOf(elementType);
  if (dtype !== undefined && dims !== undefined) return { dtype, dims };
  return {
    description: dims
      ? `${elementName(elementType)}${formatDims(dims)}`
      : `${elementName(elementType)} of unknown rank`,
  };
}

function readDims(message: WireField): readonly Dim[] {
  const dims: Dim[] = [];
  readMessage(message, (field) => {
    if (field.number !== shapeField.dim) return;
    let dim: Dim;
    readMessage(field, (inner) => {
      if (inner.number === dimField.symbol) dim = readString(inner) || undefined;
      else if (inner.number === dimField.value) {
        const value = readInt(inner);
        dim = value < 0 ? undefined : value;
      }
    });
    dims.push(dim);
  });
  return dims;
}
