/** The one list of commands, in the order of the work. */
import type { Command } from "../command.ts";
import { doctorCommand } from "./doctor.ts";
import { evaluateCommand } from "./evaluate.ts";
import { exportCommand } from "./export.ts";
import { initCommand } from "./init.ts";
import { inspectCommand } from "./inspect.ts";
import { prepareCommand } from "./prepare.ts";
import { quickstartCommand } from "./quickstart.ts";
import { recommendCommand } from "./recommend.ts";
import { serveCommand } from "./serve.ts";
import { trainCommand } from "./train.ts";
import { verifyCommand } from "./verify.ts";

export const commands: readonly Command[] = [
  quickstartCommand,
  initCommand,
  prepareCommand,
  trainCommand,
  exportCommand,
  verifyCommand,
  evaluateCommand,
  inspectCommand,
  recommendCommand,
  serveCommand,
  doctorCommand,
];
