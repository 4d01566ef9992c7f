/** Checks one node against its entry and infers its outputs. The builder and the checker share it. */
import type { DataType } from "@attune/contracts";
import { maxRank } from "../dims.ts";
import { dataTypeOf } from "../element-type.ts";
import type { Attribute } from "../model.ts";
import type { AttributeDefinition, InferContext, OpDefinition, Parameter, ValueType } from "./define.ts";
import { maxValues } from "./values.ts";

/** A node as inference sees it: types instead of names. `undefined` is an absent optional input. */
export interface NodeTypes {
  readonly inputs: readonly (ValueType | undefined)[];
  readonly outputCount: number;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly opset: number;
}

export interface Inference {
  readonly issues: readonly string[];
  /** One per output, all unknown when there are issues. */
  readonly outputs: readonly ValueType[];
}

/** Everything that is wrong with a node in one go, or the types of its outputs. */
export function inferNode(definition: OpDefinition, node: NodeTypes): Inference {
  const issues = [
    ...checkCounts(definition, node),
    ...checkAttributes(definition.attributes, node.attributes),
  ];
  const bindings = bindTypes(definition, node.inputs, issues);
  const unknown = Array.from({ length: node.outputCount }, (): ValueType => ({}));
  if (issues.length > 0) return { issues, outputs: unknown };
  const inferred = definition.infer(createContext(definition, node, issues));
  for (const { dims } of inferred) {
    if (dims !== undefined && dims.length > maxRank) issues.push(`the result has more than ${maxRank} axes`);
  }
  if (issues.length > 0) return { issues, outputs: unknown };
  const outputs = unknown.map((_, index): ValueType => {
    const type = parameterAt(definition.outputs, index)?.type ?? "";
    const {
      dtype = bindings.get(type) ?? concreteType(type),
      dims,
      values,
      constant,
    } = inferred[index] ?? {};
    const isSmall = values !== undefined && values.length <= maxValues;
    return { dtype, dims, values: isSmall ? values : undefined, constant };
  });
  return { issues, outputs };
}

function parameterAt(parameters: readonly Parameter[], index: number): Parameter | undefined {
  const last = parameters.at(-1);
  return parameters[index] ?? (last?.variadic ? last : undefined);
}

function concreteType(type: string): DataType | undefined {
  return type in { float32: 1, float64: 1, int32: 1, int64: 1, bool: 1, string: 1 }
    ? (type as DataType)
    : undefined;
}

function checkCounts(definition: OpDefinition, node: NodeTypes): string[] {
  const issues: string[] = [];
  const { inputs, outputs } = definition;
  if (!inputs.at(-1)?.variadic && node.inputs.length > inputs.length) {
    issues.push(`takes at most ${inputs.length} inputs, got ${node.inputs.length}`);
  }
  inputs.forEach((parameter, index) => {
    if (!parameter.optional && node.inputs[index] === undefined) {
      issues.push(`input ${index} (${parameter.name}) is missing`);
    }
  });
  const least = outputs.filter((output) => !output.optional).length;
  if (node.outputCount < least) issues.push(`has ${least} outputs, asked for ${node.outputCount}`);
  if (!outputs.at(-1)?.variadic && node.outputCount > outputs.length) {
    issues.push(`has at most ${outputs.length} outputs, asked for ${node.outputCount}`);
  }
  return issues;
}

function checkAttributes(
  definitions: Readonly<Record<string, AttributeDefinition>>,
  attributes: Readonly<Record<string, Attribute>>,
): string[] {
  const issues: string[] = [];
  for (const [name, attribute] of Object.entries(attributes)) {
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (definition === undefined) {
      issues.push(`has no attribute ${name}; it has ${Object.keys(definitions).join(", ") || "none"}`);
      continue;
    }
    const wanted = definition.type === "dtype" ? "int" : definition.type;
    if (attribute.type !== wanted) {
      const found = attribute.type === "opaque" ? attribute.value : attribute.type;
      issues.push(`attribute ${name} must be ${definition.type}, not ${found}`);
    } else if (definition.type === "dtype" && attribute.type === "int") {
      if (dataTypeOf(attribute.value) === undefined) {
        issues.push(`attribute ${name} is element type ${attribute.value}, which Attune does not use`);
      }
    } else if (
      definition.oneOf &&
      attribute.type === "string" &&
      !definition.oneOf.includes(attribute.value)
    ) {
      issues.push(`attribute ${name} is "${attribute.value}", not one of ${definition.oneOf.join(", ")}`);
    }
  }
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.required && !Object.hasOwn(attributes, name)) issues.push(`attribute ${name} is missing`);
  }
  return issues;
}

/** Type variable → dtype from the inputs. A variable has one dtype per node; a variadic follows the first. */
function bindTypes(
  definition: OpDefinition,
  inputs: readonly (ValueType | undefined)[],
  issues: string[],
): ReadonlyMap<string, DataType> {
  const bindings = new Map<string, DataType>();
  const firstName = new Map<string, string>();
  inputs.forEach((input, index) => {
    const parameter = parameterAt(definition.inputs, index);
    const dtype = input?.dtype;
    if (parameter === undefined || dtype === undefined) return;
    const allowed = definition.types[parameter.type] ?? [parameter.type];
    const bound = parameter.mixed ? undefined : bindings.get(parameter.type);
    if (!allowed.includes(dtype)) {
      issues.push(`input ${index} (${parameter.name}) is ${dtype}; allowed: ${allowed.join(", ")}`);
    } else if (bound !== undefined && bound !== dtype) {
      issues.push(
        `input ${index} (${parameter.name}) is ${dtype}, but ${firstName.get(parameter.type)} is ${bound}`,
      );
    } else if (bound === undefined && !parameter.mixed) {
      bindings.set(parameter.type, dtype);
      firstName.set(parameter.type, parameter.name);
    }
  });
  return bindings;
}

function createContext(definition: OpDefinition, node: NodeTypes, issues: string[]): InferContext {
  function attribute(name: string): Attribute["value"] | undefined {
    return Object.hasOwn(node.attributes, name)
      ? node.attributes[name]?.value
      : definition.attributes[name]?.default;
  }
  function int(name: string): number | undefined {
    const value = attribute(name);
    return typeof value === "number" ? value : undefined;
  }
  return {
    opset: node.opset,
    inputCount: node.inputs.length,
    outputCount: node.outputCount,
    has: (index) => node.inputs[index] !== undefined,
    dtype: (index) => node.inputs[index]?.dtype,
    dims: (index) => node.inputs[index]?.dims,
    values: (index) => node.inputs[index]?.values,
    constant: (index) => node.inputs[index]?.constant,
    int,
    ints(name) {
      const given = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
      return given?.type === "ints" ? given.value : undefined;
    },
    string(name) {
      const value = attribute(name);
      return typeof value === "string" ? value : undefined;
    },
    strings(name) {
      const given = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
      return given?.type === "strings" ? given.value : undefined;
    },
    tensor(name) {
      const given = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
      return given?.type === "tensor" ? given.value : undefined;
    },
    graph(name) {
      const given = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
      return given?.type === "graph" ? given.value : undefined;
    },
    dataType(name) {
      const code = int(name);
      return code === undefined ? undefined : dataTypeOf(code);
    },
    issue: (text) => issues.push(text),
  };
}
