/** What pages of other origins may load and ask: nothing, unless they are named. */
import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** Seconds for which a browser asks no second time whether it may. */
const preflightSeconds = 600;

const shared = {
  methods: ["GET", "HEAD", "POST"],
  allowedHeaders: [
    "authorization",
    "content-type",
    "inference-header-content-length",
    "traceparent",
    "x-api-key",
    "x-request-id",
    "x-request-timeout-ms",
    "x-routing-key",
  ],
  // Scripts of other origins read only the headers that are named here.
  exposedHeaders: [
    "content-location",
    "content-range",
    "etag",
    "inference-header-content-length",
    "retry-after",
    "x-attune-error",
    "x-attune-model",
    "x-request-id",
  ],
  maxAge: preflightSeconds,
  // Without the headers of a preflight it is a question like any other, and gets an answer like any other.
  strictPreflight: false,
};

/** Pages and what operators ask are for nobody else's scripts. */
const unsharedPaths = ["/docs", "/healthz", "/metrics", "/openapi.json", "/readyz", "/v2/repository"];

/** Whether a path is a public file or a question to a model. */
export function isSharedPath(path: string): boolean {
  return path !== "/" && !unsharedPaths.some((other) => path === other || path.startsWith(`${other}/`));
}

/**
 * Must be awaited before the routes are added.
 *
 * @param origins - `https://shop.example`, as browsers send them; `*` is all of them. Empty: nothing is added.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  if (origins.length === 0) return;
  const allowed = { ...shared, origin: origins.includes("*") ? "*" : [...origins] };
  const refused = { origin: false };
  await app.register(cors, {
    delegator: (request, done) => done(null, isSharedPath(pathOf(request.url)) ? allowed : refused),
  });
  app.addHook("onRequest", ({ method, url }, reply, done) => {
    // For what pages load without asking, and for pages that isolate themselves.
    if (method !== "POST" && isSharedPath(pathOf(url))) {
      reply.header("cross-origin-resource-policy", "cross-origin");
    }
    done();
  });
}

function pathOf(url: string): string {
  return url.split("?", 1)[0]!;
}
