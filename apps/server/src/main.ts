#!/usr/bin/env node
/** `attune-server`: a server from flags until a signal. The only file here that knows `process`. */
import { isAttuneError } from "@attune/contracts";
import { pino } from "pino";
import { createServer, type Server } from "./create-server.ts";
import { type Flags, parseFlags, usage } from "./flags.ts";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseFlags(argv);
  switch (parsed.kind) {
    case "help":
      process.stdout.write(usage);
      return 0;
    case "misuse":
      process.stderr.write(`attune-server: ${parsed.problem}\n\n${usage}`);
      return 2;
    case "flags":
      return serve(parsed.flags);
  }
}

async function serve({ logLevel, ...options }: Flags): Promise<number> {
  const logger = pino({ level: logLevel }, pino.destination({ fd: 2, sync: false }));
  let server: Server | undefined;
  try {
    server = await createServer({ ...options, logger });
    const stopped = nextSignal();
    // A signal during loading drains as well: whichever comes first.
    await Promise.race([server.ready, stopped]);
    await stopped;
    await server.close();
    return 0;
  } catch (cause) {
    const message = isAttuneError(cause) ? `[${cause.code}] ${cause.message}` : String(cause);
    process.stderr.write(`attune-server: ${message}\n`);
    await server?.close();
    return 1;
  } finally {
    logger.flush();
  }
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
