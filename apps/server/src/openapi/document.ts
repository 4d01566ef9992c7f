/** `/openapi.json` and the page at `/docs`. */
import fastifySwagger from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";

/** Only what this server sends; no validator or font of another host. */
const docsPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** Must be awaited before the routes it is to describe are added. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Attune scoring server",
        description:
          "History in, slate out, or a row of columns in, prediction out: one model file, the same answers as in the browser.",
        version,
        license: { name: "MIT", identifier: "MIT" },
      },
      tags: [
        { name: "ask", description: "Ask the model; which route exists follows from its task" },
        { name: "catalogue", description: "What a person reads of an item" },
        { name: "artifact", description: "The files that answer here" },
        { name: "operate", description: "For load balancers and monitoring" },
      ],
    },
  });
  await app.register(fastifySwaggerUi, {
    routePrefix: "/docs",
    uiConfig: { validatorUrl: null },
    staticCSP: docsPolicy,
  });
  let document: string | undefined;
  app.get("/openapi.json", { schema: { hide: true } }, (_, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.header("cache-control", "no-cache").type("application/json; charset=utf-8").send(document);
  });
}
