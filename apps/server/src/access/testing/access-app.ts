/** A server of a few routes of every group, with the real HTTP layer and no model: for the tests of this folder. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createAdmission } from "../../admission/admission.ts";
import { createLanes } from "../../execution/lanes.ts";
import { createHttp } from "../../http/create-http.ts";
import { type ServerLogger, silentLogger } from "../../observe/log.ts";
import { createMetrics } from "../../observe/metrics.ts";
import { noTracing } from "../../observe/tracing.ts";
import { createByteBudget } from "../../queue/byte-budget.ts";
import { type AccessOptions, type AccessScope, addAccess, createAccess } from "../access.ts";
import { keyGroups } from "../key-group.ts";

export interface AccessApp {
  readonly port: number;
  /** What was asked over a rate. */
  readonly limited: number;
  send(method: string, path: string, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Of a failure. */
  readonly code: string | undefined;
  readonly text: string;
}

export interface AccessAppOptions extends AccessOptions {
  readonly scope?: AccessScope;
  readonly logger?: ServerLogger;
  readonly now?: () => number;
}

/** `GET` and `POST /<group>` of each group, `/open` without one, and some of the server's own addresses. */
export async function startAccessApp(options: AccessAppOptions = {}): Promise<AccessApp> {
  const { scope = "public", logger = silentLogger, now } = options;
  const metrics = createMetrics();
  const lanes = createLanes({ maxQueueMs: 200, onShed() {}, onThreadDeath() {} });
  const budget = createByteBudget(1e6);
  const admission = createAdmission({
    lanes,
    budget,
    requestTimeoutMs: 5000,
    maxSlateItems: 10,
    usual: () => undefined,
  });
  const app = createHttp({
    bodyLimit: 1000,
    logger,
    metrics,
    admission,
    shedsEarly: false,
    tracing: noTracing,
  });
  let limited = 0;
  const access = createAccess(options, { onLimited: () => limited++, ...(now !== undefined && { now }) });
  await addAccess(app, access, scope);
  const method = ["GET", "POST"];
  const handler = async () => ({ answer: 42 });
  for (const group of keyGroups) app.route({ method, url: `/${group}`, config: { group }, handler });
  const open = ["/open", "/artifact/model.onnx", "/v1/items", "/v1/recommend", "/openapi.json", "/docs/a.js"];
  for (const url of open) app.route({ method, url, handler });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  onTestFinished(async () => {
    await app.close();
    await lanes.close();
    metrics.close();
  });
  return {
    port,
    get limited() {
      return limited;
    },
    send: (method, path, headers = {}) => send(port, method, path, headers),
  };
}

/** Not `fetch`: it keeps callers from choosing `host` and `origin`. */
function send(port: number, method: string, path: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port, method, path, headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ status, headers: answered, text, code: answered["x-attune-error"]?.toString() });
        });
      },
    );
    request.on("error", reject);
    request.end();
  });
}
