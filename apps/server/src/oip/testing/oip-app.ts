/** A server of nothing but the protocol's routes, over real artifacts: for the tests of this folder. */
import { rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { AttuneError } from "@attune/contracts";
import { tinyArtifact } from "@attune/testkit";
import { afterAll, beforeAll } from "vitest";
import { createAdmission } from "../../admission/admission.ts";
import { createLanes } from "../../execution/lanes.ts";
import { createHttp } from "../../http/create-http.ts";
import { createReadiness, type Readiness } from "../../model/readiness.ts";
import type { Models, ServedVersion } from "../../models/models.ts";
import { openVersion } from "../../models/open-version.ts";
import { silentLogger } from "../../observe/log.ts";
import { createMetrics } from "../../observe/metrics.ts";
import { noTracing } from "../../observe/tracing.ts";
import { createByteBudget } from "../../queue/byte-budget.ts";
import { addPredictRoute } from "../../routes/predict.ts";
import { addRecommendRoute } from "../../routes/recommend.ts";
import { type Files, writeArtifact } from "../../testing/artifact-folder.ts";
import { addInferenceRoutes } from "../routes.ts";

export interface OipApp {
  readonly url: string;
  readonly version: ServedVersion;
  readonly readiness: Readiness;
  /** Leases that were given out and not back. */
  readonly openLeases: number;
  /** Of bodies and answers, counted against the server's budget. */
  readonly bytesInFlight: number;
}

export const bodyLimit = 256 * 1024;

/** One app for all tests of a file. */
export function sharedApp(artifact: Files = tinyArtifact()): () => OipApp {
  let app: OipApp & { close(): Promise<void> };
  let dir: string;
  beforeAll(async () => {
    dir = await writeArtifact(artifact);
    app = await startApp(dir);
  });
  afterAll(async () => {
    await app.close();
    await rm(dir, { recursive: true });
  });
  return () => app;
}

async function startApp(dir: string): Promise<OipApp & { close(): Promise<void> }> {
  const metrics = createMetrics();
  const readiness = createReadiness();
  const lanes = createLanes({ maxQueueMs: 200, onShed() {}, onThreadDeath() {} });
  const budget = createByteBudget(64 * 1024 * 1024);
  const admission = createAdmission({
    lanes,
    budget,
    requestTimeoutMs: 5000,
    maxSlateItems: 10_000,
    usual: () => undefined,
  });
  const version = await openVersion(dir, {}, { lanes, metrics, readiness, workers: 0 });
  readiness.becomeReady();
  const models = oneModel(version);
  const logger = silentLogger;
  const app = createHttp({ bodyLimit, logger, metrics, admission, shedsEarly: true, tracing: noTracing });
  const context = { models, metrics, readiness, admission, bodyLimit, logger };
  addRecommendRoute(app, context);
  addPredictRoute(app, context);
  await addInferenceRoutes(app, context);
  await app.listen({ port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    version,
    readiness,
    get openLeases() {
      return models.openLeases;
    },
    get bytesInFlight() {
      return budget.inFlight;
    },
    async close() {
      await app.close();
      await version.close();
      await lanes.close();
      metrics.close();
    },
  };
}

function oneModel(version: ServedVersion): Models & { readonly openLeases: number } {
  let openLeases = 0;
  const notHere = (name: string) => new AttuneError("SERVER_MODEL_UNKNOWN", { model: name });
  const status = {
    name: version.name,
    version: version.version,
    state: "ready",
    reason: "",
    aliases: [],
  } as const;
  return {
    get openLeases() {
      return openLeases;
    },
    lease(reference = version.name, options = {}) {
      if (reference !== version.name || (options.version ?? version.version) !== version.version) {
        throw notHere(reference);
      }
      openLeases++;
      return { version, release: () => openLeases-- };
    },
    current: () => version,
    bySha256: () => version,
    list: () => [status],
    reload: async () => ({ loaded: [], retired: [], refused: [] }),
    async load(name) {
      if (name !== version.name) throw notHere(name);
    },
    async unload(name) {
      if (name !== version.name) throw notHere(name);
    },
    close: () => version.close(),
  };
}
