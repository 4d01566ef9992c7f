/** Serves an artifact until the io's signal, then drains. */
import { existsSync } from "node:fs";
import path from "node:path";
import { createServer } from "@attune/server";
import pino from "pino";
import type { Io } from "../io.ts";
import { readArtifactResult } from "../project/artifacts.ts";
import { widgetAssets } from "../project/assets.ts";

export interface ServeOptions {
  readonly artifactDir: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}

/**
 * @param result - what the command found before, printed with the address.
 * @throws {AttuneError} `SERVER_PORT_IN_USE`, `SERVER_LISTEN`, or what is wrong with the artifact.
 */
export async function runServer(
  { artifactDir, host, port, logLevel }: ServeOptions,
  io: Io,
  result: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const assets = widgetAssets();
  const server = await createServer({
    artifactDir,
    host,
    port,
    assetsDir: existsSync(path.join(assets, "index.html")) ? assets : undefined,
    logger: pino({ level: logLevel }, pino.destination(2)),
  });
  try {
    await server.ready;
    io.say(`Serving at ${server.url} (API: ${server.url}/docs). Ctrl-C ends it.`);
    io.result({ url: server.url, artifact: await readArtifactResult(artifactDir, io), ...result });
    await untilAborted(io.signal);
    io.say("Draining …");
  } finally {
    await server.close();
  }
  io.say("Stopped.");
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
