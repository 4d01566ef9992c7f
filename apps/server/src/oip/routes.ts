/** Every route of the Open Inference Protocol: docs/open-inference-protocol.md. */
import { AttuneError } from "@attune/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ServedVersion } from "../models/models.ts";
import { askedModel, readyVersions, withModel } from "./asked-model.ts";
import { sendBody } from "./body/send-body.ts";
import { modelConfig } from "./config.ts";
import { infer } from "./infer.ts";
import { modelMetadata, repositoryMetadata, serverMetadata } from "./metadata.ts";
import type { OipContext } from "./oip-context.ts";
import { loadTarget, readIndex, readTarget } from "./repository.ts";
import { addScope, type OipRoute } from "./scope.ts";
import { versionStatistics } from "./statistics.ts";

/** Health, metadata, infer, configuration and statistics, below `/v2`. */
export async function addInferenceRoutes(app: FastifyInstance, context: OipContext): Promise<void> {
  const routes = [...serverRoutes(context), ...modelRoutes(context)];
  await addScope(app, { group: "inference", routes }, context);
}

/** The model repository, below `/v2` of a server of its own: for operators only. */
export async function addRepositoryRoutes(app: FastifyInstance, context: OipContext): Promise<void> {
  const { models } = context;
  const send = sender(context);
  const routes: readonly OipRoute[] = [
    { method: "GET", path: "/", handle: (request, reply) => send(request, reply, repositoryMetadata) },
    {
      method: "POST",
      path: "/repository/index",
      handle: (request, reply) => send(request, reply, readIndex(request, models)),
    },
    {
      method: "POST",
      path: "/repository/models/:model/load",
      async handle(request, reply) {
        const target = readTarget(request);
        await loadTarget(target, models);
        return send(request, reply, { name: target.name, load: true });
      },
    },
    {
      method: "POST",
      path: "/repository/models/:model/unload",
      async handle(request, reply) {
        const { name, version } = readTarget(request);
        await models.unload(name, version);
        return send(request, reply, { name, unload: true });
      },
    },
  ];
  await addScope(app, { group: "admin", routes }, context);
}

/** Whatever changes with the models must not be kept by a cache in between. */
function sender(context: OipContext) {
  return (request: FastifyRequest, reply: FastifyReply, value: unknown) =>
    sendBody(
      request,
      reply.header("cache-control", "no-store"),
      { json: JSON.stringify(value), binary: [] },
      context,
    );
}

function serverRoutes(context: OipContext): readonly OipRoute[] {
  const { models, readiness } = context;
  const send = sender(context);
  return [
    { method: "GET", path: "/", handle: (request, reply) => send(request, reply, serverMetadata) },
    { method: "GET", path: "/health/live", handle: (request, reply) => send(request, reply, { live: true }) },
    {
      method: "GET",
      path: "/health/ready",
      async handle(request, reply) {
        if (readiness.state !== "ready")
          throw new AttuneError("SERVER_NOT_READY", { state: readiness.state });
        return send(request, reply, { live: true, ready: true });
      },
    },
    {
      method: "GET",
      path: "/models",
      handle(request, reply) {
        const ready = models.list().filter(({ state }) => state === "ready");
        return send(request, reply, { models: [...new Set(ready.map(({ name }) => name))] });
      },
    },
    {
      method: "GET",
      path: "/models/stats",
      handle(request, reply) {
        const ready = models.list().filter(({ state }) => state === "ready");
        return send(request, reply, statisticsOf(context, ready));
      },
    },
  ];
}

/** Routes of one model, each with and without a version in the path. */
function modelRoutes(context: OipContext): readonly OipRoute[] {
  const { models } = context;
  const describe = describer(context);
  const routes: readonly OipRoute[] = [
    {
      method: "GET",
      path: "",
      handle: describe((name, version) =>
        modelMetadata(name, version, [...new Set([...readyVersions(models, version.name), version.version])]),
      ),
    },
    { method: "GET", path: "/ready", handle: describe((name) => ({ name, ready: true })) },
    { method: "GET", path: "/config", handle: describe(modelConfig) },
    {
      method: "POST",
      path: "/infer",
      handle: (request, reply) => infer(askedModel(request, models), request, reply, context),
    },
  ];
  const perVersion = (route: OipRoute, path: string) => ({ ...route, path: `${path}${route.path}` });
  return [
    ...routes.map((route) => perVersion(route, "/models/:model")),
    ...routes.map((route) => perVersion(route, "/models/:model/versions/:version")),
    {
      method: "GET",
      path: "/models/:model/stats",
      handle: describe((_, { name }) =>
        statisticsOf(
          context,
          readyVersions(models, name).map((version) => ({ name, version })),
        ),
      ),
    },
    {
      method: "GET",
      path: "/models/:model/versions/:version/stats",
      handle: describe((_, { name, version }) => statisticsOf(context, [{ name, version }])),
    },
  ];
}

/** A route that answers with what it knows of the version that the path names. */
function describer(context: OipContext) {
  const { models } = context;
  const send = sender(context);
  return (describe: (name: string, version: ServedVersion) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const asked = askedModel(request, models);
      const value = await withModel(asked, undefined, request, reply, context, (version) =>
        describe(asked.name, version),
      );
      return send(request, reply, value);
    };
}

function statisticsOf(
  { models }: OipContext,
  versions: readonly { readonly name: string; readonly version: number }[],
) {
  const model_stats = versions.map(({ name, version }) => {
    const lease = models.lease(name, { version });
    try {
      return versionStatistics(lease.version);
    } finally {
      lease.release();
    }
  });
  return { model_stats };
}
