/** The one list of commands. */
import type { Command } from "../command.ts";
import { doctorCommand } from "./doctor.ts";
import { initCommand } from "./init.ts";
import { inspectCommand } from "./inspect.ts";
import { prepareCommand } from "./prepare.ts";
import { recommendCommand } from "./recommend.ts";
import { serveCommand } from "./serve.ts";

export const commands: readonly Command[] = [initCommand, prepareCommand, recommendCommand, doctorCommand];
