/** `createServer`: an artifact folder in, a running HTTP server out. */
import { existsSync } from "node:fs";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { AttuneError } from "@attune/contracts";
import { artifactFiles } from "@attune/contracts/manifest";
import type { FastifyInstance } from "fastify";
import { createHttp } from "./http.ts";
import { loadModel } from "./model/load-model.ts";
import { createQueue } from "./model/queue.ts";
import { createReadiness } from "./model/readiness.ts";
import { type ServerLogger, silentLogger } from "./observe/log.ts";
import { createMetrics } from "./observe/metrics.ts";
import { addOpenApi } from "./openapi/document.ts";
import { addArtifactRoutes } from "./routes/artifact.ts";
import { addItemsRoute } from "./routes/items.ts";
import { addModelRoute } from "./routes/model.ts";
import { addPage } from "./routes/page.ts";
import { addPredictRoute } from "./routes/predict.ts";
import { addRecommendRoute } from "./routes/recommend.ts";
import { createServiceSlot, type RouteContext, type Service } from "./routes/route-context.ts";
import { addStatusRoutes } from "./routes/status.ts";
import { packageVersion } from "./version.ts";

export interface ServerOptions {
  /** The folder with manifest.json and model.onnx. */
  readonly artifactDir: string;
  /** The built demo page for models that recommend; absent, or with other models, `/` is a plain page. */
  readonly assetsDir?: string | undefined;
  /** Default `"127.0.0.1"`: only this machine. `"0.0.0.0"` for all interfaces. */
  readonly host?: string | undefined;
  /** Default 8080; 0 for any free port. */
  readonly port?: number | undefined;
  /** Default: none. A pino logger fits. */
  readonly logger?: ServerLogger | undefined;
  /** Largest body in bytes, default 1 MiB. */
  readonly bodyLimit?: number | undefined;
  /** How long `close()` waits for requests under way, in milliseconds; default 10,000. */
  readonly drainMs?: number | undefined;
}

export interface Server {
  /** `http://host:port`, to open in a browser on this machine. */
  readonly url: string;
  readonly address: AddressInfo;
  /**
   * Resolves when `/readyz` answers 200. Rejects with the error of the step that failed; the server goes on answering
   * `/healthz` and `/readyz` (503) until it is closed.
   */
  readonly ready: Promise<void>;
  /** Drains: `/readyz` 503, no new connections, requests under way finish, then everything closes. Twice is fine. */
  close(): Promise<void>;
}

/** Node's default backlog. */
const acceptQueue = 511;

/**
 * Listens at once and loads the artifact afterwards; await `ready` for the first answer.
 *
 * @throws {AttuneError} `SERVER_PORT_IN_USE`, `SERVER_LISTEN`. What is wrong with the artifact rejects `ready`.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { artifactDir, assetsDir, host = "127.0.0.1", port = 8080, drainMs = 10_000 } = options;
  const { logger = silentLogger, bodyLimit = 1024 * 1024 } = options;
  const readiness = createReadiness();
  const metrics = createMetrics(() => readiness.state === "ready");
  const slot = createServiceSlot(readiness);
  const app = createHttp({ bodyLimit, logger, metrics, readiness });
  const hasItems = existsSync(join(artifactDir, artifactFiles.items));
  await addRoutes(app, { readiness, metrics, hasItems, service: slot.get }, assetsDir);

  const address = await listen(app, host, port);
  const url = urlOf(address);
  logger.info({ url }, "listening");

  const loading = load();
  const ready = loading.then(() => {});
  // A caller that only asks /readyz must not be ended by an unhandled rejection.
  ready.catch(() => {});

  async function load(): Promise<Service> {
    try {
      const model = await loadModel(artifactDir, readiness);
      const service = { ...model, queue: createQueue(model.answerer, metrics.observeBatch) };
      metrics.setModel(model.manifest, model.sha256);
      slot.set(service);
      readiness.becomeReady();
      const { task, name, version } = model.manifest;
      logger.info({ task, name, version, sha256: model.sha256, parity: model.parity }, "ready");
      return service;
    } catch (cause) {
      logger.error({ err: cause }, "the artifact cannot be served");
      throw cause;
    }
  }

  async function close(): Promise<void> {
    readiness.drain();
    logger.info({ drainMs }, "draining");
    await readArrived(app.server);
    await drainConnections(app, drainMs);
    await loading.then(
      ({ answerer }) =>
        answerer.task === "recommend" ? answerer.personalizer.close() : answerer.predictor.close(),
      () => {},
    );
    logger.info({}, "closed");
  }

  let closing: Promise<void> | undefined;
  return { url, address, ready, close: () => (closing ??= close()) };
}

async function addRoutes(app: FastifyInstance, context: RouteContext, assetsDir?: string): Promise<void> {
  await addOpenApi(app, packageVersion);
  addRecommendRoute(app, context);
  addPredictRoute(app, context);
  addModelRoute(app, context);
  if (context.hasItems) addItemsRoute(app, context);
  addArtifactRoutes(app, context);
  addStatusRoutes(app, context);
  await addPage(app, context, assetsDir);
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<AddressInfo> {
  try {
    await app.listen({ host, port });
    return app.server.address() as AddressInfo;
  } catch (cause) {
    await app.close();
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new AttuneError("SERVER_PORT_IN_USE", { host, port }, { cause });
    throw new AttuneError("SERVER_LISTEN", { host, port, reason: message }, { cause });
  }
}

/** A wildcard address is no place to open; its loopback is. */
function urlOf({ address, family, port }: AddressInfo): string {
  const host = address === "0.0.0.0" ? "127.0.0.1" : address === "::" ? "::1" : address;
  return `http://${family === "IPv6" && address !== "0.0.0.0" ? `[${host}]` : host}:${port}`;
}

/**
 * Reads what has arrived: closing resets connections that wait to be accepted and those on which no request was read.
 * A turn of the event loop accepts one connection and reads it in the next, so this goes on while they come, and no
 * further than the longest queue the system keeps for us.
 */
async function readArrived(server: HttpServer): Promise<void> {
  let accepted = 0;
  const count = () => {
    accepted += 1;
  };
  server.on("connection", count);
  let before: number;
  do {
    before = accepted;
    for (let turn = 0; turn < 3; turn++) await setImmediate();
  } while (accepted > before && accepted < acceptQueue);
  server.off("connection", count);
}

/** Closes the listener; keep-alive connections go as soon as they are idle, all others when the deadline has passed. */
async function drainConnections(app: FastifyInstance, drainMs: number): Promise<void> {
  const deadline = setTimeout(() => app.server.closeAllConnections(), drainMs);
  const reaper = setInterval(() => app.server.closeIdleConnections(), 20);
  try {
    await app.close();
  } finally {
    clearTimeout(deadline);
    clearInterval(reaper);
  }
}
