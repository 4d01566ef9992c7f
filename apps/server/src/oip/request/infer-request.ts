/** An infer request as far as it can be read without knowing the model: ids, parameters, tensors still as they came. */
import { isBoolean, isSize, type Parameters, readParameter, readParameters } from "./parameters.ts";
import { invalid, isRecord, maxIssues, quote } from "./problems.ts";

export interface RequestInput {
  readonly name: string;
  readonly datatype: unknown;
  readonly shape: unknown;
  /** JSON elements, where the data is not binary. */
  readonly data?: unknown;
  readonly binary?: Buffer;
}

export interface RequestedOutput {
  readonly name: string;
  readonly binary: boolean;
}

export interface InferRequest {
  readonly id?: string;
  /** Decides between the versions of an alias that splits traffic. */
  readonly routingKey?: string;
  /** How long the caller waits for the model. */
  readonly timeoutUs?: number;
  readonly inputs: readonly RequestInput[];
  /** In this order; absent: all. */
  readonly outputs?: readonly RequestedOutput[];
  /** Outputs that are not named come as binary data. */
  readonly binaryOutputs: boolean;
}

const maxTextLength = { id: 1024, routing_key: 256 } as const;

/**
 * @param binary - what follows the JSON: the data of the inputs that say so, in their order.
 * @throws {AttuneError} `REQUEST_INVALID` with every problem.
 */
export function readInferRequest(body: unknown, binary: Buffer): InferRequest {
  if (!isRecord(body)) throw invalid(["(root): expected an object with inputs"]);
  const issues: string[] = [];
  const { id, inputs, outputs } = body;
  if (id !== undefined && !isText(id, maxTextLength.id)) {
    issues.push(`id: expected a text of at most ${maxTextLength.id} characters`);
  }
  const parameters = readParameters(body.parameters, "parameters", issues);
  const at = { path: "parameters" };
  const binaryOutputs =
    readParameter(
      parameters,
      "binary_data_output",
      { ...at, expected: "true or false", fits: isBoolean },
      issues,
    ) ?? false;
  const timeoutUs = readParameter(
    parameters,
    "timeout",
    { ...at, expected: "microseconds, an integer from 0", fits: isSize },
    issues,
  );
  const routingKey = readParameter(
    parameters,
    "routing_key",
    { ...at, expected: `a text of 1 to ${maxTextLength.routing_key} characters`, fits: isRoutingKey },
    issues,
  );
  const request: InferRequest = {
    ...(typeof id === "string" && { id }),
    ...(routingKey !== undefined && { routingKey }),
    ...(timeoutUs !== undefined && timeoutUs > 0 && { timeoutUs }),
    inputs: readInputs(inputs, binary, issues),
    ...readOutputs(outputs, binaryOutputs, issues),
    binaryOutputs,
  };
  if (issues.length > 0) throw invalid(issues);
  return request;
}

function readInputs(inputs: unknown, binary: Buffer, issues: string[]): readonly RequestInput[] {
  if (!Array.isArray(inputs)) {
    issues.push("inputs: expected a list of tensors");
    return [];
  }
  const read: RequestInput[] = [];
  let offset = 0;
  for (const [index, input] of inputs.entries()) {
    if (issues.length > maxIssues) return read;
    const path = `inputs[${index}]`;
    if (!isRecord(input) || typeof input.name !== "string") {
      issues.push(`${path}: expected an object with name, shape, datatype and data`);
      continue;
    }
    const { name, datatype, shape, data } = input;
    const parameters = readParameters(input.parameters, `${path}.parameters`, issues);
    const size = binarySizeOf(parameters, `${path}.parameters`, issues);
    if (size === undefined) {
      read.push({ name, datatype, shape, data });
      continue;
    }
    // Clients that send no bytes may leave a null here.
    if (data !== undefined && data !== null)
      issues.push(`${path}: has data and binary_data_size; send one of them`);
    read.push({ name, datatype, shape, binary: binary.subarray(offset, offset + size) });
    offset += size;
  }
  if (offset !== binary.length) {
    issues.push(
      `inputs: binary_data_size adds up to ${offset}, the body has ${binary.length} bytes behind its JSON`,
    );
  }
  return read;
}

function binarySizeOf(parameters: Parameters, path: string, issues: string[]): number | undefined {
  return readParameter(
    parameters,
    "binary_data_size",
    { path, expected: "bytes, an integer from 0", fits: isSize },
    issues,
  );
}

function readOutputs(
  outputs: unknown,
  binaryOutputs: boolean,
  issues: string[],
): { readonly outputs?: readonly RequestedOutput[] } {
  if (outputs === undefined || outputs === null) return {};
  if (!Array.isArray(outputs)) {
    issues.push("outputs: expected a list of { name }");
    return {};
  }
  const read: RequestedOutput[] = [];
  const seen = new Set<string>();
  for (const [index, output] of outputs.entries()) {
    if (issues.length > maxIssues) break;
    const path = `outputs[${index}]`;
    if (!isRecord(output) || typeof output.name !== "string") {
      issues.push(`${path}: expected an object with a name`);
      continue;
    }
    const { name } = output;
    if (seen.has(name)) issues.push(`${path}: ${quote(name)} is asked for twice`);
    seen.add(name);
    const parameters = readParameters(output.parameters, `${path}.parameters`, issues);
    const how = { path: `${path}.parameters`, expected: "true or false", fits: isBoolean };
    read.push({ name, binary: readParameter(parameters, "binary_data", how, issues) ?? binaryOutputs });
  }
  return read.length === 0 ? {} : { outputs: read };
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === "string" && value.length <= maxLength;
}

const isRoutingKey = (value: unknown): value is string =>
  isText(value, maxTextLength.routing_key) && value !== "";
