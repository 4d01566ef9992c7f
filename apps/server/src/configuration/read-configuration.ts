/** From flags, environment and file to one value for each option, and where it came from. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { AttuneError } from "@attune/contracts";
import { checkTogether } from "./check-together.ts";
import { nearest } from "./nearest.ts";
import { flagOf, type OptionDefinition, variableOf } from "./option.ts";
import { type OptionValue, type ParsedValue, parseJsonValue, parseText } from "./parse-value.ts";
import { type Configuration, type ServerOptionName, serverOptions } from "./table.ts";

export interface ConfigurationInput {
  /** By the names of flags without dashes, as they were typed. Others are not looked at. */
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A JSON file of the same names, `maxQueueMs`. Default: the one that `ATTUNE_CONFIG` names. */
  readonly file?: string | undefined;
  /** Defaults that differ from the table's. */
  readonly defaults?: Partial<Configuration>;
  /** What was found wrong before. */
  readonly problems?: readonly string[];
  /** Where relative paths of flags and environment start; those of the file start at its folder. */
  readonly cwd: string;
}

export type ValueSource = "flag" | "environment" | "file" | "default";

export interface ReadConfiguration {
  readonly configuration: Configuration;
  readonly sources: Readonly<Record<ServerOptionName, ValueSource>>;
  /** What was passed over, one sentence each. */
  readonly warnings: readonly string[];
}

interface Found {
  readonly source: ValueSource;
  /** As a person finds it again: `--port`, `ATTUNE_PORT`, `port in server.json`. */
  readonly place: string;
  readonly parsed: ParsedValue;
  /** Where a relative path starts. */
  readonly base: string;
}

export const configVariable = "ATTUNE_CONFIG";

const optionNames = Object.keys(serverOptions) as ServerOptionName[];

/**
 * A flag counts before the environment, the environment before the file, the file before the default. A variable that is
 * empty is none.
 *
 * @throws {AttuneError} `SERVER_CONFIG` with every problem of all of them.
 */
export async function readConfiguration(input: ConfigurationInput): Promise<ReadConfiguration> {
  const { flags, env, cwd, defaults = {}, problems = [] } = input;
  const issues = [...problems];
  const file = await readConfigFile(input.file ?? (env[configVariable] || undefined), cwd, issues);
  const values: Partial<Record<ServerOptionName, OptionValue>> = {};
  const sources: Partial<Record<ServerOptionName, ValueSource>> = {};

  for (const name of optionNames) {
    const definition: OptionDefinition = serverOptions[name];
    const found = [inFlags(name, flags, cwd), inEnvironment(name, env, cwd), file?.find(name)].filter(
      (one) => one !== undefined,
    );
    // Also what does not count is looked at: it was meant.
    for (const { place, parsed } of found) {
      if ("problem" in parsed) issues.push(`${place}: ${parsed.problem}`);
    }
    const [first] = found;
    if (first === undefined) {
      const fallback: OptionValue | undefined = defaults[name] ?? definition.default;
      if (fallback !== undefined) values[name] = fallback;
    } else if ("value" in first.parsed) {
      values[name] = resolvePath(definition, first.parsed.value, first.base);
    }
    sources[name] = first?.source ?? "default";
  }

  if (values.adminPort === undefined && typeof values.port === "number") {
    values.adminPort = values.port === 0 ? 0 : values.port + 1;
  }
  const configuration = values as Configuration;
  issues.push(...(issues.length === 0 ? checkTogether(configuration) : []));
  if (issues.length > 0) throw new AttuneError("SERVER_CONFIG", { issues });
  return {
    configuration,
    sources: sources as Record<ServerOptionName, ValueSource>,
    warnings: listMisspelt(env),
  };
}

function inFlags(name: string, flags: ConfigurationInput["flags"], cwd: string): Found | undefined {
  const flag = flagOf(name);
  const typed = flags[flag];
  if (typed === undefined) return undefined;
  const texts = [typed].flat().map(String);
  const place = `--${flag}`;
  const parsed = parseText(serverOptions[name as ServerOptionName], texts);
  return { source: "flag", place, parsed: name === "keys" ? withoutJson(parsed) : parsed, base: cwd };
}

function inEnvironment(name: string, env: ConfigurationInput["env"], cwd: string): Found | undefined {
  const place = variableOf(name);
  const text = env[place];
  if (text === undefined || text === "") return undefined;
  const parsed = parseText(serverOptions[name as ServerOptionName], [text]);
  return { source: "environment", place, parsed, base: cwd };
}

/** Words of a process can be read by every user of a machine, and are kept in histories. */
function withoutJson(parsed: ParsedValue): ParsedValue {
  return "value" in parsed && isKeysJson(String(parsed.value))
    ? { problem: `name a file; keys themselves may stand in ${variableOf("keys")}` }
    : parsed;
}

/** Whether it is keys, not the name of a file with them. */
export function isKeysJson(text: string): boolean {
  return text.trimStart().startsWith("{");
}

interface ConfigFile {
  find(name: ServerOptionName): Found | undefined;
}

async function readConfigFile(
  typed: string | undefined,
  cwd: string,
  issues: string[],
): Promise<ConfigFile | undefined> {
  if (typed === undefined) return undefined;
  const place = path.resolve(cwd, typed);
  const content = await readObject(place).catch((cause: Error) => {
    issues.push(`${typed}: ${cause.message}`);
    return undefined;
  });
  if (content === undefined) return undefined;
  for (const name of Object.keys(content)) {
    if (Object.hasOwn(serverOptions, name)) continue;
    const near = nearest(inCamelCase(name), optionNames);
    const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
    issues.push(`${name.slice(0, 60)} in ${typed}: there is no such option${meant}`);
  }
  return {
    find(name) {
      if (!Object.hasOwn(content, name)) return undefined;
      const parsed = parseJsonValue(serverOptions[name], content[name]);
      const checked = name === "keys" ? withoutJson(parsed) : parsed;
      return { source: "file", place: `${name} in ${typed}`, parsed: checked, base: path.dirname(place) };
    },
  };
}

/** Of a name that was taken from a flag or a variable. */
function inCamelCase(name: string): string {
  return name.replace(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** What it throws says what is wrong, without the file's text. */
async function readObject(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`it cannot be read (${cause.code})`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    throw new Error("it is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error('expected an object of options, such as { "port": 8080 }');
  }
  return value as Readonly<Record<string, unknown>>;
}

function resolvePath({ kind }: OptionDefinition, value: OptionValue, base: string): OptionValue {
  return kind === "path" && typeof value === "string" && !isKeysJson(value)
    ? path.resolve(base, value)
    : value;
}

/** Variables that are nobody's, but look like one of ours. */
function listMisspelt(env: ConfigurationInput["env"]): readonly string[] {
  const known = [configVariable, ...optionNames.map(variableOf)];
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith("ATTUNE_") || known.includes(name)) return [];
    const near = nearest(name, known);
    return near === undefined ? [] : [`${name} is no option and was passed over; did you mean ${near}?`];
  });
}
