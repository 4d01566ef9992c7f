/** A command is a value: its options are data, so that parsing, `--help` and docs/cli.md come from one place. */
import { AttuneError } from "@attune/contracts";
import { checkValues, convertValues, parseWords } from "./arguments.ts";
import type { Io } from "./io.ts";
import { commonOptions, type OptionSpecs, type OptionValues } from "./option.ts";
import { assertCanStart, type Obstacle } from "./project/obstacles.ts";

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments as shown in the help text, `<model.onnx>`; empty for none. */
  readonly positionals: readonly string[];
  readonly options: OptionSpecs;
  /** Whole lines to copy, `attune …` each. */
  readonly examples: readonly string[];
  /** @returns the exit code: 0 done, 1 failed. Misuse is thrown as `CLI_USAGE` and becomes 2. */
  run(argv: readonly string[], io: Io): Promise<number>;
}

interface Definition<S extends OptionSpecs> {
  readonly name: string;
  readonly summary: string;
  readonly positionals?: readonly string[];
  readonly options: S;
  readonly examples?: readonly string[];
  /**
   * What stands in the way, looked at before any work and refused together with wrong values. A number out of range is
   * NaN or whatever was typed here.
   */
  obstacles?(values: OptionValues<S>, io: Io): Promise<readonly Obstacle[]>;
  run(input: { values: OptionValues<S>; positionals: readonly string[] }, io: Io): Promise<number>;
}

export function defineCommand<const S extends OptionSpecs>(definition: Definition<S>): Command {
  const { name, summary, options, positionals: expected = [], examples = [] } = definition;
  return {
    name,
    summary,
    options,
    examples,
    positionals: expected,
    async run(argv, io) {
      const words = parseWords(name, argv, { ...options, ...commonOptions });
      const { positionals } = words;
      if (positionals.length !== expected.length) {
        const problem =
          positionals.length < expected.length
            ? `${expected[positionals.length]} is missing`
            : `unexpected argument "${positionals[expected.length]}"`;
        throw new AttuneError("CLI_USAGE", { command: name, problem });
      }
      const misuse = checkValues(words.values, options);
      const values = convertValues(words.values, options) as OptionValues<S>;
      const obstacles = (await definition.obstacles?.(values, io)) ?? [];
      assertCanStart(name, misuse, obstacles);
      return definition.run({ values, positionals }, io);
    },
  };
}
