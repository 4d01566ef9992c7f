/** `createServer`: an artifact folder or a repository in, a running HTTP server out. */
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { AttuneError } from "@attune/contracts";
import type { FastifyInstance } from "fastify";
import { createAccess } from "./access/access.ts";
import { createAdmission } from "./admission/admission.ts";
import { createLanes } from "./execution/lanes.ts";
import { createDrain, type Drain } from "./http/drain.ts";
import { createReadiness } from "./model/readiness.ts";
import { createModels } from "./models/create-models.ts";
import type { Models, ReloadReport } from "./models/models.ts";
import { openVersion } from "./models/open-version.ts";
import { type ServerLogger, silentLogger } from "./observe/log.ts";
import { createMetrics } from "./observe/metrics.ts";
import { createTracing, noTracing, type Tracing } from "./observe/tracing.ts";
import { createAdminApp } from "./ports/admin-app.ts";
import { createPublicApp } from "./ports/public-app.ts";
import { createByteBudget } from "./queue/byte-budget.ts";
import type { ServerOptions } from "./server-options.ts";

export interface Server {
  /** `http://host:port`, to open in a browser on this machine. */
  readonly url: string;
  readonly address: AddressInfo;
  /** Where metrics and the repository are; absent when that is off. */
  readonly adminUrl?: string;
  /**
   * Resolves when `/readyz` answers 200. Rejects with the error of the step that failed; the server goes on answering
   * `/healthz` and `/readyz` (503) until it is closed.
   */
  readonly ready: Promise<void>;
  /** Reads aliases and folders again, and swaps to what passes. What answers stays where something does not. */
  reload(): Promise<ReloadReport>;
  /**
   * Drains: `/readyz` is 503 while everything else is answered for `drainDelayMs`; then no new connections, requests
   * under way finish, and everything closes. Twice is fine.
   */
  close(): Promise<void>;
}

/**
 * Listens at once and loads the models afterwards; await `ready` for the first answer.
 *
 * @throws {AttuneError} `SERVER_PORT_IN_USE`, `SERVER_LISTEN`. What is wrong with a model rejects `ready`.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { host = "127.0.0.1", port = 8080, adminHost = "127.0.0.1", logger = silentLogger } = options;
  const { adminPort = port === 0 ? 0 : port + 1, drainDelayMs = 0, drainMs = 10_000 } = options;
  const { maxQueueMs = 200, maxInFlightBytes = 64 * 1024 * 1024, workers = "auto" } = options;
  const readiness = createReadiness();
  const metrics = createMetrics();
  const tracing = await startTracing(options.otlpEndpoint, logger);
  const lanes = createLanes({
    maxQueueMs,
    workers: workers === "auto" || workers === 0 ? undefined : workers,
    onShed: (reason) => metrics.observeShed(reason),
    onThreadDeath: (cause) => logger.error({ err: cause }, "a worker thread ended; another takes its place"),
  });
  const budget = createByteBudget(maxInFlightBytes);
  const { requestTimeoutMs = 5000, maxSlateItems = 10_000 } = options;
  const usual = () => models.current();
  const admission = createAdmission({ lanes, budget, requestTimeoutMs, maxSlateItems, usual });
  const models = createModels({
    ...options,
    readiness,
    logger,
    open: (dir, served, steps) => openVersion(dir, served, { lanes, metrics, readiness: steps, workers }),
    onSwap: (outcome) => metrics.observeSwap(outcome),
  });
  const { ready } = models;
  // A caller that only asks /readyz must not be ended by an unhandled rejection.
  ready.catch(() => {});
  const context = { readiness, metrics, models, admission };
  const access = createAccess(options, { onLimited: () => metrics.observeShed("rate") });
  const appOptions = { ...options, logger, tracing, access };
  const apps: FastifyInstance[] = [];
  const drains: Drain[] = [];

  async function start(app: FastifyInstance, at: Place): Promise<AddressInfo> {
    apps.push(app);
    drains.push(createDrain(app.server));
    try {
      return await listen(app, at);
    } catch (cause) {
      await Promise.all(apps.map((one) => one.close()));
      await models.close();
      await lanes.close();
      await tracing.close(0);
      metrics.close();
      throw cause;
    }
  }

  const address = await start(await createPublicApp(context, appOptions), { host, port });
  const adminAddress =
    adminPort === "off"
      ? undefined
      : await start(await createAdminApp(context, appOptions), {
          host: adminHost,
          port: adminPort,
          flag: "--admin-port",
        });
  metrics.watch({
    isReady: () => readiness.state === "ready",
    queueDepth: () => lanes.depth,
    queueCostMs: () => lanes.waitMs,
    bytesInFlight: () => budget.inFlight,
    connections: () => drains[0]!.connections,
    models: () => servedVersions(models),
  });
  const scheme = options.tls === undefined ? "http" : "https";
  const url = urlOf(scheme, address);
  const adminUrl = adminAddress && urlOf("http", adminAddress);
  logger.info({ url, adminUrl }, "listening");

  async function close(): Promise<void> {
    readiness.drain();
    logger.info({ drainDelayMs, drainMs }, "draining");
    await wait(drainDelayMs);
    await drains[0]!.close(drainMs);
    await Promise.all(apps.map((app) => app.close()));
    await models.close();
    await lanes.close();
    await tracing.close(tracingCloseMs);
    metrics.close();
    logger.info({}, "closed");
  }

  let closing: Promise<void> | undefined;
  return {
    url,
    address,
    ...(adminUrl === undefined ? {} : { adminUrl }),
    ready,
    reload: () => models.reload(),
    close: () => (closing ??= close()),
  };
}

/** Loaded versions, for the metrics. */
function servedVersions(models: Models) {
  return models
    .list()
    .filter(({ state }) => state === "ready")
    .map(({ name, version, aliases }) => {
      const lease = models.lease(name, { version });
      lease.release();
      const { sha256, manifest } = lease.version;
      return { name, version, aliases, sha256, kind: manifest.model.kind, task: manifest.task };
    });
}

/** How long the last spans have to get through. */
const tracingCloseMs = 2000;

async function startTracing(endpoint: string | undefined, logger: ServerLogger): Promise<Tracing> {
  if (endpoint === undefined) return noTracing;
  return createTracing({
    endpoint,
    serviceName: "attune-server",
    onFailure: (cause) => logger.warn({ err: cause }, "traces are lost: the collector does not take them"),
  });
}

interface Place {
  readonly host: string;
  readonly port: number;
  /** Names the port in what is said when it is taken. */
  readonly flag?: string;
}

async function listen(app: FastifyInstance, { host, port, ...flag }: Place): Promise<AddressInfo> {
  try {
    await app.listen({ host, port });
    return app.server.address() as AddressInfo;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EADDRINUSE")
      throw new AttuneError("SERVER_PORT_IN_USE", { host, port, ...flag }, { cause });
    throw new AttuneError("SERVER_LISTEN", { host, port, reason: message }, { cause });
  }
}

/** A wildcard address is no place to open; its loopback is. */
function urlOf(scheme: string, { address, family, port }: AddressInfo): string {
  const host = address === "0.0.0.0" ? "127.0.0.1" : address === "::" ? "::1" : address;
  return `${scheme}://${family === "IPv6" && address !== "0.0.0.0" ? `[${host}]` : host}:${port}`;
}
