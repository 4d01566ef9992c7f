#!/usr/bin/env node
/** `attune-server`: a server from its configuration until a signal. The only file here that knows `process`. */
import { isAttuneError } from "@attune/contracts";
import { pino } from "pino";
import { helpText } from "./configuration/help.ts";
import { openConfiguration } from "./configuration/open-configuration.ts";
import { parseWords } from "./configuration/parse-words.ts";
import { printedConfiguration } from "./configuration/print-configuration.ts";
import { type ReadConfiguration, readConfiguration } from "./configuration/read-configuration.ts";
import { createServer, type Server } from "./create-server.ts";

async function main(argv: readonly string[]): Promise<number> {
  const { flags, config, asksHelp, asksConfiguration, problems } = parseWords(argv);
  if (asksHelp) {
    process.stdout.write(helpText());
    return 0;
  }
  let read: ReadConfiguration;
  try {
    const { env } = process;
    read = await readConfiguration({ flags, env, file: config, problems, cwd: process.cwd() });
  } catch (cause) {
    return misuse(describe(cause));
  }
  if (asksConfiguration) {
    process.stdout.write(`${JSON.stringify(printedConfiguration(read), undefined, 2)}\n`);
    return 0;
  }
  const { artifact, models } = read.configuration;
  if (artifact === undefined && models === undefined)
    return misuse("--artifact DIR or --models DIR is required");
  return serve(read);
}

function misuse(problem: string): number {
  process.stderr.write(`attune-server: ${problem}\n\n\`attune-server --help\` shows every option.\n`);
  return 2;
}

async function serve({ configuration, warnings }: ReadConfiguration): Promise<number> {
  const logger = pino({ level: configuration.logLevel }, pino.destination({ fd: 2, sync: false }));
  let server: Server | undefined;
  try {
    const opened = await openConfiguration(configuration);
    for (const warning of [...warnings, ...opened.warnings]) logger.warn(warning);
    server = await createServer({ ...opened.options, logger });
    const running = server;
    // What goes wrong is in the log; what answers goes on.
    process.on("SIGHUP", () => void running.reload().catch(() => {}));
    const stopped = nextSignal();
    // A signal during loading drains as well: whichever comes first.
    await Promise.race([server.ready, stopped]);
    await stopped;
    await server.close();
    return 0;
  } catch (cause) {
    process.stderr.write(`attune-server: ${describe(cause)}\n`);
    await server?.close();
    return 1;
  } finally {
    logger.flush();
  }
}

function describe(cause: unknown): string {
  return isAttuneError(cause) ? `[${cause.code}] ${cause.message}` : String(cause);
}

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once, as it would without us. */
function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve();
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
  });
}

process.exitCode = await main(process.argv.slice(2));
