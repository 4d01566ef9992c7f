/** The words after a command's name: parsed by its options, every unknown one named with the nearest that there is. */
import { parseArgs } from "node:util";
import { AttuneError } from "@attune/contracts";
import type { OptionSpecs } from "./option.ts";
import { suggestion } from "./words.ts";

/** Values as they were typed. */
export type TypedValues = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>;

export interface Words {
  readonly values: TypedValues;
  readonly positionals: readonly string[];
}

/** @throws {AttuneError} `CLI_USAGE` with every unknown option, or with what is wrong with a known one. */
export function parseWords(command: string, argv: readonly string[], options: OptionSpecs): Words {
  const misused = listMisused(argv, options);
  if (misused.length > 0) throw new AttuneError("CLI_USAGE", { command, problem: misused.join("; ") });
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const text = cause instanceof Error ? (cause.message.split("\n")[0] ?? "bad arguments") : String(cause);
    // Node's sentences go on with the source of the call, and with advice that its own parser gives.
    throw new AttuneError("CLI_USAGE", { command, problem: text.replace(/\.$/, "") }, { cause });
  }
}

/** Options that there are not, and those that lack a value or have one that they do not take. */
function listMisused(argv: readonly string[], options: OptionSpecs): string[] {
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const names = Object.keys(options);
  return tokens.flatMap((token) => {
    if (token.kind !== "option") return [];
    const { name, rawName, value, inlineValue } = token;
    const type = Object.hasOwn(options, name) ? options[name]?.type : undefined;
    if (type === undefined) return [`no option ${rawName}${suggestion(name, names, "--")}`];
    if (type === "boolean") return value === undefined ? [] : [`${rawName} takes no value`];
    if (value === undefined) return [`${rawName} needs a value`];
    if (inlineValue || !value.startsWith("-")) return [];
    return [`${rawName} needs a value, not ${value}; one that begins so is written ${rawName}=${value}`];
  });
}

/** What is wrong with values of known options, one line each. */
export function checkValues(values: TypedValues, options: OptionSpecs): string[] {
  return Object.entries(options).flatMap(([name, { choices, range }]) => {
    const value = values[name];
    if (typeof value !== "string") return [];
    if (choices !== undefined && !choices.includes(value)) {
      return [`--${name} is one of ${choices.join(", ")}, not "${value}"${suggestion(value, choices)}`];
    }
    if (range === undefined || isWithin(value, range)) return [];
    return [`--${name} must be a whole number ${describeRange(range)}, not "${value}"`];
  });
}

function isWithin(text: string, [minimum, maximum]: readonly [number, number]): boolean {
  const value = Number(text);
  return /^[0-9]+$/.test(text) && value >= minimum && value <= maximum;
}

function describeRange([minimum, maximum]: readonly [number, number]): string {
  const largest = Number.MAX_SAFE_INTEGER;
  return maximum === largest
    ? `of at least ${minimum} and at most ${largest}, in digits`
    : `from ${minimum} to ${maximum}`;
}

/** Values as a command takes them: numbers where its option has a range. */
export function convertValues(
  values: TypedValues,
  options: OptionSpecs,
): Readonly<Record<string, string | number | boolean | readonly (string | boolean)[] | undefined>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isNumber = options[name]?.range !== undefined && typeof value === "string";
      return [name, isNumber ? Number(value) : value];
    }),
  );
}
