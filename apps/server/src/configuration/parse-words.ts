/** The command line of `attune-server`: words in, flags and what is wrong with the words out. */
import { parseArgs } from "node:util";
import { nearest } from "./nearest.ts";
import { flagOf, type OptionDefinition } from "./option.ts";
import { serverOptions } from "./table.ts";

export interface ServerWords {
  /** As they were typed, by the names of flags. */
  readonly flags: Readonly<Record<string, readonly string[]>>;
  /** The file of `--config`. */
  readonly config: string | undefined;
  readonly asksHelp: boolean;
  readonly asksConfiguration: boolean;
  /** One line each. */
  readonly problems: readonly string[];
}

const switches = ["help", "print-config"];
const valued = [...Object.keys(serverOptions).map(flagOf), "config"];

export function parseWords(argv: readonly string[]): ServerWords {
  const { tokens } = parseArgs({
    args: [...argv],
    options: {
      ...Object.fromEntries(valued.map((name) => [name, { type: "string" as const, multiple: true }])),
      help: { type: "boolean", short: "h" },
      "print-config": { type: "boolean" },
    },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const flags: Record<string, string[]> = {};
  const asked = new Set<string>();
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") problems.push(`unexpected word ${JSON.stringify(token.value)}`);
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (switches.includes(name)) {
      if (value === undefined) asked.add(name);
      else problems.push(`${rawName}: takes no value`);
    } else if (!valued.includes(name)) {
      const near = nearest(name, [...valued, ...switches]);
      problems.push(
        `${rawName}: there is no such option${near === undefined ? "" : ` (did you mean --${near}?)`}`,
      );
    } else if (value === undefined) {
      problems.push(`${rawName}: needs a value`);
    } else if (!inlineValue && value.startsWith("-")) {
      problems.push(
        `${rawName}: needs a value, not ${value}; one that begins so is written ${rawName}=${value}`,
      );
    } else {
      flags[name] = [...(flags[name] ?? []), value];
    }
  }
  const { config, ...rest } = flags;
  for (const [name, values] of Object.entries(flags)) {
    if (values.length > 1 && !isList(name)) problems.push(`--${name}: given ${values.length} times`);
  }
  return {
    flags: rest,
    config: config?.[0],
    asksHelp: asked.has("help"),
    asksConfiguration: asked.has("print-config"),
    problems,
  };
}

function isList(flag: string): boolean {
  const definitions: readonly (readonly [string, OptionDefinition])[] = Object.entries(serverOptions);
  return definitions.some(([name, { kind }]) => flagOf(name) === flag && kind === "list");
}
