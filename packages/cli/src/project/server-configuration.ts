/** The options of the server for commands that end in one: the same as those of `attune-server`, from the same places. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import {
  describeDefault,
  flagOf,
  type OptionDefinition,
  type ReadConfiguration,
  readConfiguration,
  type ServerOptionName,
  serverOptions,
} from "@attune/server/configuration";
import type { Io } from "../io.ts";
import type { OptionSpec, OptionSpecs } from "../option.ts";
import { checkListen, type Obstacle } from "./obstacles.ts";

/** A person reads this log, between lines of ours. */
const defaults = { logLevel: "warn" } as const;

/** Options of the server, as commands have them: without defaults, so that environment and file can count. */
export function serverSpecs(names: readonly ServerOptionName[]): OptionSpecs {
  return Object.fromEntries(names.map((name) => [flagOf(name), specOf(name)]));
}

function specOf(name: ServerOptionName): OptionSpec {
  const definition: OptionDefinition = {
    ...serverOptions[name],
    ...(name in defaults && { default: "warn" }),
  };
  const { kind, placeholder, description, range, words } = definition;
  return {
    type: "string",
    placeholder,
    description: `${description}${describeDefault(definition)}`,
    ...(kind === "list" && { multiple: true }),
    ...(kind === "integer" && words === undefined && range !== undefined && { range }),
    ...(kind === "text" && words !== undefined && { choices: words }),
  };
}

/** What a command was given: by the names of flags, among others. */
export type ServerValues = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/**
 * @param file - a JSON file of options; default: the one that `ATTUNE_CONFIG` names.
 * @throws {AttuneError} `SERVER_CONFIG` with every problem.
 */
export function readServerConfiguration(
  values: ServerValues,
  io: Io,
  file?: string,
): Promise<ReadConfiguration> {
  const flags = Object.fromEntries(
    Object.keys(serverOptions).map((name) => {
      const value = values[flagOf(name)];
      return [flagOf(name), typeof value === "number" ? String(value) : value];
    }),
  );
  return readConfiguration({ flags, env: io.env, file, defaults, cwd: io.cwd });
}

/** What keeps a server from starting so: options that do not fit, ports that are taken. */
export async function checkServer(
  command: string,
  values: ServerValues,
  io: Io,
  file?: string,
): Promise<Obstacle[]> {
  // The command's own check of words has refused the others.
  const fitting = Object.fromEntries(Object.entries(values).filter(([flag, value]) => fits(flag, value)));
  try {
    const { configuration } = await readServerConfiguration(fitting, io, file);
    const { host, port, adminHost, adminPort } = configuration;
    if ("port" in values && !("port" in fitting)) return [];
    return [
      ...(await checkListen(host, port)),
      ...(adminPort === "off" ? [] : await checkListen(adminHost, adminPort, "admin-")),
    ];
  } catch (cause) {
    if (!isAttuneError(cause, "SERVER_CONFIG")) throw cause;
    const problem = cause.details.issues.join("; ");
    return [{ issue: problem, alone: new AttuneError("CLI_USAGE", { command, problem }, { cause }) }];
  }
}

const specs = serverSpecs(Object.keys(serverOptions) as ServerOptionName[]);

function fits(flag: string, value: ServerValues[string]): boolean {
  const { choices, range } = specs[flag] ?? {};
  if (value === undefined) return true;
  if (choices !== undefined) return choices.includes(String(value));
  if (range === undefined) return true;
  return Number.isInteger(value) && Number(value) >= range[0] && Number(value) <= range[1];
}
