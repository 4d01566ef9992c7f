#!/usr/bin/env node
/** What `attune-server` starts. An older Node is told so in one line, before anything loads that it cannot run. */
try {
  await import("@attune/store/require-node");
  (await import("./steady-memory.ts")).keepMemorySteady();
  await import("./main.ts");
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  if (code !== "NODE_VERSION") throw error;
  process.stderr.write(`attune-server: ${message}\n`);
  process.exitCode = 1;
}
