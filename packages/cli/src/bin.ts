#!/usr/bin/env node
/** What `attune` starts. An older Node is told so in one line, before anything loads that it cannot run. */
import type { WireError } from "@attune/contracts";

/** The error of the table as people and programs get it from every command. */
function refuse({ code, message, details }: WireError): void {
  process.stderr.write(`attune: ${message}\n`);
  if (process.argv.some((word) => /^--json(=|$)/.test(word)))
    process.stdout.write(`${JSON.stringify({ error: { code, message, details } })}\n`);
  process.exitCode = 1;
}

try {
  await import("@attune/store/require-node");
  // Only a server lives long enough for it.
  if (process.argv[2] === "serve") (await import("@attune/server/steady-memory")).keepMemorySteady();
  await import("./main.ts");
} catch (error) {
  if ((error as Partial<WireError>).code !== "NODE_VERSION") throw error;
  refuse(error as WireError & Error);
}
