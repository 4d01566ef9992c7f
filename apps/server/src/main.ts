#!/usr/bin/env node
/** `attune-server`: flags in, a server until a signal. The only file here that knows `process`. */
import { parseArgs } from "node:util";
import { isAttuneError } from "@attune/contracts";
import { pino } from "pino";
import { createServer, type Server } from "./create-server.ts";

const usage = `attune-server --artifact DIR [--port 8080] [--host 127.0.0.1] [--assets DIR] [--log-level info]

Serves an artifact over HTTP. Logs go to stderr, one JSON object a line.

  --artifact DIR     folder with manifest.json and model.onnx (required)
  --port N           0 for any free port
  --host ADDRESS     0.0.0.0 for all interfaces
  --assets DIR       the built demo page, served at /
  --log-level LEVEL  trace, debug, info, warn, error, fatal or silent

Exit codes: 0 drained and closed, 1 failed, 2 misused.
`;

const options = {
  artifact: { type: "string" },
  port: { type: "string", default: "8080" },
  host: { type: "string", default: "127.0.0.1" },
  assets: { type: "string" },
  "log-level": { type: "string", default: "info" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

async function main(argv: readonly string[]): Promise<number> {
  const flags = parseFlags(argv);
  if (typeof flags === "string") {
    process.stderr.write(`attune-server: ${flags}\n\n${usage}`);
    return 2;
  }
  if (flags.help) {
    process.stdout.write(usage);
    return 0;
  }
  const logger = pino({ level: flags["log-level"] }, pino.destination({ fd: 2, sync: false }));
  let server: Server | undefined;
  try {
    server = await createServer({
      artifactDir: flags.artifact!,
      assetsDir: flags.assets,
      host: flags.host,
      port: Number(flags.port),
      logger,
    });
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

function parseFlags(argv: readonly string[]) {
  try {
    const { values } = parseArgs({ args: [...argv], options });
    if (values.help) return values;
    if (values.artifact === undefined) return "--artifact DIR is required";
    if (!/^[0-9]{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
      return "--port must be an integer from 0 to 65535";
    }
    if (!logLevels.includes(values["log-level"])) return `--log-level must be one of ${logLevels.join(", ")}`;
    return values;
  } catch (cause) {
    return (cause as Error).message;
  }
}

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once, as it would without us. */
function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

process.exitCode = await main(process.argv.slice(2));
