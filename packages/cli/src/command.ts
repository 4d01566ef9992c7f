/** A command is a value: its options are data, so that parsing, `--help` and docs/cli.md come from one place. */
import { parseArgs } from "node:util";
import { AttuneError } from "@attune/contracts";
import type { Io } from "./io.ts";

export interface OptionSpec {
  readonly type: "string" | "boolean";
  readonly description: string;
  /** What stands for the value in the help text: `DIR`, `N`, … */
  readonly placeholder?: string;
  readonly default?: string | boolean;
  readonly multiple?: false;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]:
    | (S[K]["type"] extends "boolean" ? boolean : string)
    | (S[K] extends { readonly default: string | boolean } ? never : undefined);
};

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments as shown in the help text, `<model.onnx>`; empty for none. */
  readonly positionals: readonly string[];
  readonly options: OptionSpecs;
  /** @returns the exit code: 0 done, 1 failed. Misuse is thrown as `CLI_USAGE` and becomes 2. */
  run(argv: readonly string[], io: Io): Promise<number>;
}

/** Options that every command takes. */
export const commonOptions: OptionSpecs = {
  json: { type: "boolean", description: "print one JSON line on stdout", default: false },
  help: { type: "boolean", description: "show this text", default: false },
};

interface Definition<S extends OptionSpecs> {
  readonly name: string;
  readonly summary: string;
  readonly positionals?: readonly string[];
  readonly options: S;
  run(input: { values: OptionValues<S>; positionals: readonly string[] }, io: Io): Promise<number>;
}

export function defineCommand<const S extends OptionSpecs>(definition: Definition<S>): Command {
  const { name, summary, options, positionals: expected = [] } = definition;
  return {
    name,
    summary,
    options,
    positionals: expected,
    run(argv, io) {
      const { values, positionals } = parseWords(name, argv, options);
      if (positionals.length !== expected.length) {
        const problem =
          positionals.length < expected.length
            ? `${expected[positionals.length]} is missing`
            : `unexpected argument "${positionals[expected.length]}"`;
        throw new AttuneError("CLI_USAGE", { command: name, problem });
      }
      return definition.run({ values: values as OptionValues<S>, positionals }, io);
    },
  };
}

function parseWords(command: string, argv: readonly string[], options: OptionSpecs) {
  try {
    return parseArgs({
      args: [...argv],
      options: { ...options, ...commonOptions },
      allowPositionals: true,
      strict: true,
    });
  } catch (cause) {
    const problem =
      cause instanceof Error ? (cause.message.split("\n")[0] ?? "bad arguments") : String(cause);
    throw new AttuneError(
      "CLI_USAGE",
      { command, problem: problem.replace(/\. To specify.*$/, "") },
      { cause },
    );
  }
}

/** A whole number option. @throws {AttuneError} `CLI_USAGE` when the text is no whole number in range. */
export function parseInteger(
  command: string,
  option: string,
  text: string,
  minimum: number,
  maximum: number,
): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  const problem = `--${option} must be a whole number from ${minimum} to ${maximum}, not "${text}"`;
  throw new AttuneError("CLI_USAGE", { command, problem });
}
