/** From plain attribute values to typed ones, by the op's entry. */
import type { DataType } from "@attune/contracts";
import type { AttributeInput, Subgraph } from "./builder.ts";
import { dataTypes, elementCode } from "./element-type.ts";
import type { Attribute } from "./model.ts";
import type { AttributeDefinition } from "./ops/define.ts";
import { checkTensor } from "./tensor.ts";

/** A typed attribute, or what is wrong with the value. */
export function convertAttribute(
  name: string,
  definitions: Readonly<Record<string, AttributeDefinition>>,
  input: AttributeInput,
): Attribute | string {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  if (definition === undefined) return guess(input);
  return convert(definition, input) ?? `attribute ${name} must be ${definition.type}, got ${describe(input)}`;
}

function convert({ type }: AttributeDefinition, input: AttributeInput): Attribute | undefined {
  switch (type) {
    case "int":
      return Number.isSafeInteger(input) ? { type, value: input as number } : undefined;
    case "dtype":
      if (typeof input === "string" && isDataType(input)) return { type: "int", value: elementCode[input] };
      return Number.isSafeInteger(input) ? { type: "int", value: input as number } : undefined;
    case "float":
      return typeof input === "number" ? { type, value: Math.fround(input) } : undefined;
    case "string":
      return typeof input === "string" ? { type, value: input } : undefined;
    case "ints":
      return isArrayOf(input, Number.isSafeInteger) ? { type, value: input as number[] } : undefined;
    case "floats":
      return isArrayOf(input, (item) => typeof item === "number")
        ? { type, value: (input as number[]).map(Math.fround) }
        : undefined;
    case "strings":
      return isArrayOf(input, (item) => typeof item === "string")
        ? { type, value: input as string[] }
        : undefined;
    case "tensor":
      return isTensor(input) && checkTensor(input).length === 0 ? { type, value: input } : undefined;
    case "graph":
      return isSubgraph(input) ? { type, value: input.graph } : undefined;
  }
}

/** An attribute that no entry knows: typed by its looks, so that the check can name it. */
function guess(input: AttributeInput): Attribute {
  if (typeof input === "number") return { type: "float", value: input };
  if (typeof input === "string") return { type: "string", value: input };
  if (isSubgraph(input)) return { type: "graph", value: input.graph };
  return isTensor(input) ? { type: "tensor", value: input } : { type: "strings", value: input.map(String) };
}

function isDataType(name: string): name is DataType {
  return (dataTypes as readonly string[]).includes(name);
}

function isArrayOf(input: AttributeInput, accepts: (item: unknown) => boolean): boolean {
  return Array.isArray(input) && input.every(accepts);
}

function isTensor(input: AttributeInput): input is Extract<AttributeInput, { dtype: DataType }> {
  return typeof input === "object" && "dtype" in input;
}

function isSubgraph(input: AttributeInput): input is Subgraph {
  return typeof input === "object" && "graph" in input;
}

function describe(input: AttributeInput): string {
  if (isSubgraph(input)) return `the graph ${input.graph.name}`;
  if (!isTensor(input)) return JSON.stringify(input);
  return [`a ${input.dtype} tensor`, ...checkTensor(input)].join(": ");
}
