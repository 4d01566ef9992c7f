/** What operators reach, on a port of its own: metrics, and which versions are served. */
import type { FastifyInstance } from "fastify";
import { addAccess } from "../access/access.ts";
import { createHttp } from "../http/create-http.ts";
import { addRepositoryRoutes } from "../oip/routes.ts";
import type { RouteContext } from "../routes/route-context.ts";
import { addHealthRoutes, addMetricsRoute } from "../routes/status.ts";
import type { AppOptions } from "./public-app.ts";

/** Bodies here are a few words. */
const bodyLimit = 64 * 1024;

export async function createAdminApp(
  context: RouteContext,
  { logger, tracing, access }: AppOptions,
): Promise<FastifyInstance> {
  const { metrics, readiness, admission } = context;
  const app = createHttp({ bodyLimit, logger, metrics, admission, tracing, shedsEarly: false });
  await addAccess(app, access, "admin");
  addHealthRoutes(app, readiness);
  addMetricsRoute(app, metrics);
  await addRepositoryRoutes(app, { ...context, bodyLimit, logger });
  return app;
}
