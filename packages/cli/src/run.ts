/** From words to an exit code: finds the command, runs it, turns errors into text and JSON. */
import { type AttuneError, isAttuneError } from "@attune/contracts";
import type { Command } from "./command.ts";
import { commandHelp, overview } from "./help.ts";
import type { Io } from "./io.ts";

/** Codes that mean the words were wrong, not the work. */
const misuse: ReadonlySet<string> = new Set(["CLI_USAGE", "REQUEST_INVALID"]);

export async function runCommand(
  commands: readonly Command[],
  argv: readonly string[],
  io: Io,
): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    showHelp(overview(commands), io);
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const problem = `no command "${name}"; there are ${commands.map((candidate) => candidate.name).join(", ")}`;
    io.say(problem);
    io.result({ error: { code: "CLI_USAGE", message: problem, details: { command: name } } });
    return 2;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    showHelp(commandHelp(command), io);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    return report(error, io);
  }
}

/** With `--json` stdout is for results: the text goes to people. */
function showHelp(text: string, io: Io): void {
  if (io.json) io.say(text);
  else io.print(text);
}

function report(error: unknown, io: Io): number {
  if (!isAttuneError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    io.say(`Unexpected error: ${error instanceof Error ? (error.stack ?? message) : message}`);
    io.result({ error: { code: "INTERNAL", message, details: {} } });
    return 1;
  }
  const { code, message, details } = (error as AttuneError).toJSON();
  io.say(`${code}: ${message}`);
  io.result({ error: { code, message, details } });
  return misuse.has(code) ? 2 : 1;
}
