/** From words to an exit code: finds the command, runs it, turns errors into text and JSON. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import type { Command } from "./command.ts";
import { commandHelp, overview } from "./help.ts";
import type { Io } from "./io.ts";
import { ownVersion } from "./project/versions.ts";
import { suggestion } from "./words.ts";

/** Exit codes of errors; every other one is 1, the work failed. 2: the words were wrong. 3: a worse release. */
const exitCodes: Readonly<Record<string, number>> = { CLI_USAGE: 2, REQUEST_INVALID: 2, RELEASE_WORSE: 3 };

/** Words that stand for the overview and for the version. */
const helpWords: ReadonlySet<string> = new Set(["help", "--help", "-h"]);
const versionWords: ReadonlySet<string> = new Set(["version", "--version", "-v"]);

/** Never throws: an error is said, printed as JSON beside `--json`, and becomes the exit code. */
export async function runCommand(
  commands: readonly Command[],
  argv: readonly string[],
  io: Io,
): Promise<number> {
  // `--json` may stand before the command too; `io.json` has heard it already.
  const first = argv.findIndex((word) => word !== "--json");
  const [name, ...rest] = first < 0 ? [] : argv.slice(first);
  try {
    if (name === undefined) return showNothingAsked(commands, io);
    if (versionWords.has(name)) return showVersion(io);
    if (helpWords.has(name)) return showHelpOf(commands, rest, io);
    const command = findCommand(commands, name);
    if (rest.includes("--help") || rest.includes("-h")) return showHelp(commandHelp(command), io);
    return await command.run(rest, io);
  } catch (error) {
    return reportError(error, io);
  }
}

/** A person gets the overview, a program an error. */
function showNothingAsked(commands: readonly Command[], io: Io): number {
  if (io.json) {
    const names = commands.map(({ name }) => name).join(", ");
    throw new AttuneError("CLI_USAGE", { problem: `the command is missing; there are ${names}` });
  }
  io.print(overview(commands));
  return 2;
}

function showVersion(io: Io): number {
  const version = ownVersion();
  io.print(version);
  io.result({ version });
  return 0;
}

function showHelpOf(commands: readonly Command[], rest: readonly string[], io: Io): number {
  const name = rest.find((word) => !word.startsWith("-"));
  return showHelp(name === undefined ? overview(commands) : commandHelp(findCommand(commands, name)), io);
}

/** With `--json` stdout is for results: people read the text on stderr. */
function showHelp(text: string, io: Io): number {
  if (io.json) io.say(text);
  else io.print(text);
  io.result({ help: text });
  return 0;
}

/** @throws {AttuneError} `CLI_USAGE` with the nearest name. */
function findCommand(commands: readonly Command[], name: string): Command {
  const found = commands.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const names = commands.map((candidate) => candidate.name);
  const nearest = suggestion(name, [...names, "help", "version"]);
  throw new AttuneError("CLI_USAGE", {
    problem: `no command "${name}"${nearest}; there are ${names.join(", ")}`,
  });
}

/** Says an error to people and programs. @returns the exit code. */
export function reportError(error: unknown, io: Pick<Io, "say" | "result">): number {
  if (!isAttuneError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    io.say(`Unexpected error: ${error instanceof Error ? (error.stack ?? message) : message}`);
    io.result({ error: { code: "INTERNAL", message, details: {} } });
    return 1;
  }
  const { code, message, details } = error.toJSON();
  io.say(`${code}: ${message}`);
  io.result({ error: { code, message, details } });
  return exitCodes[code] ?? 1;
}
