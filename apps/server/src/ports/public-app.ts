/** What everybody may reach: questions to the models, the public files, the pages, and whether the server is ready. */
import { AttuneError } from "@attune/contracts";
import type { FastifyInstance } from "fastify";
import { type Access, addAccess } from "../access/access.ts";
import { createHttp, defaultBodyLimit } from "../http/create-http.ts";
import type { Tracing } from "../observe/tracing.ts";
import { addInferenceRoutes } from "../oip/routes.ts";
import { addOpenApi } from "../openapi/document.ts";
import { addArtifactRoutes } from "../routes/artifact.ts";
import { addItemsRoute } from "../routes/items.ts";
import { addModelRoute } from "../routes/model.ts";
import { addPage } from "../routes/page.ts";
import { addPredictRoute } from "../routes/predict.ts";
import { addRecommendRoute } from "../routes/recommend.ts";
import type { RouteContext } from "../routes/route-context.ts";
import { addHealthRoutes } from "../routes/status.ts";
import type { ServerOptions } from "../server-options.ts";
import { packageVersion } from "../version.ts";

export interface AppOptions extends ServerOptions {
  readonly logger: NonNullable<ServerOptions["logger"]>;
  readonly tracing: Tracing;
  readonly access: Access;
}

export async function createPublicApp(context: RouteContext, options: AppOptions): Promise<FastifyInstance> {
  const { models, metrics, admission, readiness } = context;
  const { logger, tracing, tls, assetsDir, access, receiveTimeoutMs, bodyLimit = defaultBodyLimit } = options;
  const isShared = access.allowOrigin.length > 0;
  const app = createHttp({
    bodyLimit,
    logger,
    metrics,
    admission,
    tracing,
    shedsEarly: true,
    tls,
    receiveTimeoutMs,
  });
  await addAccess(app, access, "public");
  await addOpenApi(app, packageVersion, models);
  addRecommendRoute(app, context);
  addPredictRoute(app, context);
  await addInferenceRoutes(app, { ...context, bodyLimit, logger });
  addModelRoute(app, context);
  addItemsRoute(app, context);
  addArtifactRoutes(app, {
    current() {
      const version = models.current();
      if (version === undefined) throw new AttuneError("SERVER_NOT_READY", { state: readiness.state });
      return version.files;
    },
    bySha256: (sha256) => models.bySha256(sha256)?.files,
    isShared,
  });
  addHealthRoutes(app, readiness);
  await addPage(app, context, { assetsDir, isShared });
  return app;
}
