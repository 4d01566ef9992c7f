/** `/openapi.json` and the page at `/docs`. */
import fastifySwagger from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import type { ServedVersion, VersionStatus } from "../models/models.ts";
import { components } from "./components.ts";
import { type Document, describeVersion } from "./describe-version.ts";
import { bodyExamples } from "./schemas.ts";

/** Only what this server sends; no validator or font of another host. */
const docsPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** Which versions answer: with a single one, the document says what that one accepts. */
export interface DocumentedModels {
  current(): ServedVersion | undefined;
  list(): readonly VersionStatus[];
}

/** Must be awaited before the routes it is to describe are added. */
export async function addOpenApi(
  app: FastifyInstance,
  version: string,
  models?: DocumentedModels,
): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Attune scoring server",
        description:
          "History in, slate out, or a row of columns in, prediction out: one model file, the same answers as in the browser. " +
          "While one version answers, this document says exactly what it accepts; with several, what any model could accept. " +
          "A request that is not valid HTTP is answered 400, 408 (it came too slowly) or 431 (its headers are too large). " +
          "The routes under /v2 speak the Open Inference Protocol and are described there: https://github.com/kserve/open-inference-protocol.",
        version,
        license: { name: "MIT", identifier: "MIT" },
      },
      tags: [
        { name: "ask", description: "Ask the model; which route exists follows from its task" },
        { name: "catalogue", description: "What a person reads of an item" },
        { name: "artifact", description: "The files that answer here" },
        { name: "operate", description: "For load balancers and monitoring" },
      ],
      components: {
        schemas: components,
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", description: "Where the server has keys." },
          apiKey: { type: "apiKey", in: "header", name: "x-api-key", description: "The same key." },
        },
      },
    },
    transformObject: (object) =>
      withExamples(("openapiObject" in object ? object.openapiObject : {}) as never),
  });
  const read = createDocuments(() => app.swagger() as unknown as Document, models);
  await app.register(fastifySwaggerUi, {
    routePrefix: "/docs",
    uiConfig: { validatorUrl: null },
    staticCSP: docsPolicy,
    transformSpecification: () => read().document as never,
  });
  app.get("/openapi.json", { schema: { hide: true } }, (_, reply) =>
    reply.header("cache-control", "no-cache").type("application/json; charset=utf-8").send(read().text),
  );
}

/** The document as of now; made once for each version that answers alone. */
function createDocuments(general: () => Document, models: DocumentedModels | undefined) {
  const made = new WeakMap<object, { readonly document: Document; readonly text: string }>();
  const always = {};
  return () => {
    const version = soleVersion(models);
    const key = version ?? always;
    let found = made.get(key);
    if (found === undefined) {
      const document = version === undefined ? general() : describeVersion(general(), version);
      found = { document, text: JSON.stringify(document) };
      made.set(key, found);
    }
    return found;
  };
}

/** Undefined while none or more than one answers. */
function soleVersion(models: DocumentedModels | undefined): ServedVersion | undefined {
  if (models === undefined) return undefined;
  const answering = models.list().filter(({ state }) => state === "ready" || state === "retiring");
  return answering.length > 1 ? undefined : models.current();
}

interface Operation {
  readonly operationId?: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
}

/** A media type's examples cannot stand in a schema that is a reference. */
function withExamples<
  D extends { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> },
>(document: D): D {
  const paths = Object.entries(document.paths).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, exampled(operation)])),
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
}

function exampled(operation: Operation): Operation {
  const examples = bodyExamples[operation.operationId ?? ""];
  if (examples === undefined || operation.requestBody === undefined) return operation;
  const named = Object.fromEntries(examples.map((value, index) => [`example${index + 1}`, { value }]));
  const content = Object.entries(operation.requestBody.content).map(([type, media]) => [
    type,
    { ...media, examples: named },
  ]);
  return { ...operation, requestBody: { ...operation.requestBody, content: Object.fromEntries(content) } };
}
