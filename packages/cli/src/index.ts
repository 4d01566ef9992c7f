/** The commands as values, for documentation and tests. The program is main.ts. */
export type { Command } from "./command.ts";
export { commands } from "./commands/index.ts";
export { commandReference } from "./help.ts";
export type { Io } from "./io.ts";
export { runCommand } from "./run.ts";
