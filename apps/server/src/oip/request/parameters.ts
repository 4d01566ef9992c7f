/** `parameters` of a request and its tensors: names to texts, numbers and booleans. Unknown ones are ignored, as the protocol has it. */
import { isRecord, quote } from "./problems.ts";

export type Parameters = Readonly<Record<string, unknown>>;

const none: Parameters = {};

/** What asks for something that is not served: to ignore it would answer another question than was asked. */
const refused: Readonly<Record<string, string>> = {
  sequence_id: "models keep no state between requests",
  sequence_start: "models keep no state between requests",
  sequence_end: "models keep no state between requests",
  headers: "reserved",
  shared_memory_region: "shared memory is not served; send the data",
  classification: "the classification extension is not served; read the outputs",
};

/** Names that start so are reserved by the protocol's extensions. */
const reservedPrefix = "triton_";

export function readParameters(value: unknown, path: string, issues: string[]): Parameters {
  if (value === undefined || value === null) return none;
  if (!isRecord(value)) {
    issues.push(`${path}: expected an object of texts, numbers and booleans`);
    return none;
  }
  for (const [name, one] of Object.entries(value)) {
    const reason = name.startsWith(reservedPrefix)
      ? "reserved"
      : Object.hasOwn(refused, name)
        ? refused[name]
        : undefined;
    if (reason !== undefined) issues.push(`${path}: ${quote(name)}: ${reason}`);
    else if (typeof one !== "string" && typeof one !== "number" && typeof one !== "boolean") {
      issues.push(`${path}: ${quote(name)}: expected a text, a number or a boolean`);
    }
  }
  return value;
}

/** A parameter that must be of one type where it is given. */
export function readParameter<Value>(
  parameters: Parameters,
  name: string,
  {
    path,
    expected,
    fits,
  }: { readonly path: string; readonly expected: string; fits(value: unknown): value is Value },
  issues: string[],
): Value | undefined {
  if (!Object.hasOwn(parameters, name)) return undefined;
  const value = parameters[name];
  if (fits(value)) return value;
  issues.push(`${path}.${name}: expected ${expected}`);
  return undefined;
}

export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
export const isSize = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;
