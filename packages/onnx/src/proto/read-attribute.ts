/** AttributeProto. What Attune has no form for becomes `opaque`, with a word on what it is. */
import type { Attribute, Graph } from "../model.ts";
import { attributeCode, attributeField } from "./fields.ts";
import { decodeTensor, readTensorRecord } from "./read-tensor.ts";
import { decodeUtf8 } from "./utf8.ts";
import {
  readBytes,
  readFloat,
  readInt,
  readInts,
  readMessage,
  readReals,
  readString,
  type WireField,
} from "./wire-reader.ts";

const otherKinds: Readonly<Record<number, string>> = {
  9: "a list of tensors",
  10: "a list of subgraphs",
  11: "a sparse tensor",
  12: "a list of sparse tensors",
  13: "a type",
  14: "a list of types",
};

/** Name and value of an attribute. `readBody` reads a graph inside this one. */
export function readAttribute(
  message: WireField,
  readBody: (field: WireField) => Graph,
): [string, Attribute] {
  let name = "";
  let type = 0;
  let isReference = false;
  const fields = new Map<number, WireField[]>();
  readMessage(message, (field) => {
    if (field.number === attributeField.name) name = readString(field);
    else if (field.number === attributeField.type) type = readInt(field);
    else if (field.number === attributeField.reference) isReference = field.end > field.start;
    else {
      const known = fields.get(field.number);
      if (known === undefined) fields.set(field.number, [field]);
      else known.push(field);
    }
  });
  if (isReference) return [name, { type: "opaque", value: "a reference to a function's attribute" }];
  return [name, decode(type || guessType(fields), fields, readBody)];
}

/** Very old files do not say the type. */
function guessType(fields: ReadonlyMap<number, unknown>): number {
  const kinds = ["float", "int", "string", "tensor", "graph", "floats", "ints", "strings"] as const;
  const kind = kinds.find((candidate) => fields.has(attributeField[candidate]));
  return kind === undefined ? 0 : attributeCode[kind];
}

function decode(
  type: number,
  fields: ReadonlyMap<number, readonly WireField[]>,
  readBody: (field: WireField) => Graph,
): Attribute {
  const all = (number: number) => fields.get(number) ?? [];
  const last = (number: number) => all(number).at(-1);
  switch (type) {
    case attributeCode.float: {
      const field = last(attributeField.float);
      return { type: "float", value: field ? readFloat(field) : 0 };
    }
    case attributeCode.int:
      return safeInts(all(attributeField.int).slice(-1), ([value = 0]) => ({ type: "int", value }));
    case attributeCode.string: {
      const field = last(attributeField.string);
      return safeStrings(field ? [field] : [], ([value = ""]) => ({ type: "string", value }));
    }
    case attributeCode.tensor:
      return decodeTensorAttribute(last(attributeField.tensor));
    case attributeCode.graph: {
      const field = last(attributeField.graph);
      return field
        ? { type: "graph", value: readBody(field) }
        : { type: "opaque", value: "an empty graph attribute" };
    }
    case attributeCode.floats: {
      const value: number[] = [];
      for (const field of all(attributeField.floats)) readReals(field, 4, value);
      return { type: "floats", value };
    }
    case attributeCode.ints:
      return safeInts(all(attributeField.ints), (value) => ({ type: "ints", value }));
    case attributeCode.strings:
      return safeStrings(all(attributeField.strings), (value) => ({ type: "strings", value }));
    default:
      return { type: "opaque", value: otherKinds[type] ?? `an attribute of type ${type}` };
  }
}

function decodeTensorAttribute(field: WireField | undefined): Attribute {
  if (field === undefined) return { type: "opaque", value: "an empty tensor attribute" };
  const tensor = decodeTensor(readTensorRecord(field));
  return typeof tensor === "string" ? { type: "opaque", value: tensor } : { type: "tensor", value: tensor };
}

function safeInts(fields: readonly WireField[], wrap: (values: number[]) => Attribute): Attribute {
  const values: bigint[] = [];
  for (const field of fields) readInts(field, values);
  const numbers = values.map(Number);
  const isSafe = numbers.every(Number.isSafeInteger);
  return isSafe ? wrap(numbers) : { type: "opaque", value: "an integer beyond 2^53" };
}

function safeStrings(fields: readonly WireField[], wrap: (values: string[]) => Attribute): Attribute {
  const texts = fields.map((field) => decodeUtf8(readBytes(field)));
  return texts.every((text) => text !== undefined)
    ? wrap(texts)
    : { type: "opaque", value: "bytes that are not UTF-8" };
}
