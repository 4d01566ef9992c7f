/** The one list of checks, in the order they are made and told. */
import { browserCheck } from "./browser.ts";
import type { Check } from "./check.ts";
import { databaseCheck } from "./database.ts";
import { engineCheck } from "./engine.ts";
import { folderCheck, nodeCheck, widgetCheck } from "./machine.ts";

export const checks: readonly Check[] = [
  nodeCheck,
  engineCheck,
  databaseCheck,
  browserCheck,
  widgetCheck,
  folderCheck,
];
