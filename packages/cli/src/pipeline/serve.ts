/** Serves an artifact, or a repository of them, until the io's signal, then drains. */
import { existsSync } from "node:fs";
import path from "node:path";
import { createServer } from "@attune/server";
import { openConfiguration, type ReadConfiguration } from "@attune/server/configuration";
import pino from "pino";
import type { Io } from "../io.ts";
import { readArtifactResult } from "../project/artifacts.ts";
import { widgetAssets } from "../project/assets.ts";

export interface ServeOptions {
  readonly read: ReadConfiguration;
  /** Absent with a repository. */
  readonly artifactDir: string | undefined;
}

/**
 * @param result - what the command found before, printed with the address.
 * @throws {AttuneError} `SERVER_PORT_IN_USE`, `SERVER_LISTEN`, `SERVER_KEYS`, `SERVER_TLS`, or what is wrong with the artifact.
 */
export async function runServer(
  { read, artifactDir }: ServeOptions,
  io: Io,
  result: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { options, warnings } = await openConfiguration(read.configuration);
  for (const warning of [...read.warnings, ...warnings]) io.say(`Warning: ${warning}`);
  const assets = options.assetsDir ?? widgetAssets();
  const server = await createServer({
    ...options,
    artifactDir,
    assetsDir: existsSync(path.join(assets, "index.html")) ? assets : options.assetsDir,
    logger: pino({ level: read.configuration.logLevel }, pino.destination(2)),
  });
  try {
    await server.ready;
    io.say(`Serving at ${server.url} (API: ${server.url}/docs). Ctrl-C ends it.`);
    if (server.adminUrl !== undefined) io.say(`Metrics: ${server.adminUrl}/metrics`);
    io.result({
      url: server.url,
      ...(server.adminUrl !== undefined && { adminUrl: server.adminUrl }),
      ...(artifactDir === undefined
        ? { models: options.modelsDir }
        : { artifact: await readArtifactResult(artifactDir, io) }),
      ...result,
    });
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
