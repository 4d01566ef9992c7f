/** `GET /artifact/<file>`: the very bytes that answer here, for browsers and release tools. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type ServedFile, servedMediaTypes } from "../model/artifact-files.ts";
import { failureResponses } from "../openapi/responses.ts";
import { reportPolicy } from "../security.ts";
import { noSuchRoute, type RouteContext } from "./route-context.ts";

const immutable = "public, max-age=31536000, immutable";

export function addArtifactRoutes(app: FastifyInstance, context: RouteContext): void {
  for (const [name, mediaType] of Object.entries(servedMediaTypes)) {
    app.get(
      `/artifact/${name}`,
      {
        schema: {
          operationId: `artifact-${name.replace(".", "-")}`,
          summary: `The artifact's ${name}`,
          description:
            "The ETag is the sha256. With ?v=<sha256> of this very file it may be cached for good; without, it is revalidated.",
          tags: ["artifact"],
          querystring: { type: "object", properties: { v: { type: "string" } } },
          response: {
            200: {
              description: name,
              content: { [mediaType.split(";")[0]!]: { schema: { type: "string", format: "binary" } } },
            },
            304: { description: "Not modified", type: "null" },
            ...failureResponses(404, 503),
          },
        },
      },
      (request, reply) => {
        const file = context.service().files.get(name);
        if (file === undefined) throw noSuchRoute(request.method, `/artifact/${name}`);
        return sendFile(request, reply, file);
      },
    );
  }
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ServedFile): FastifyReply {
  const { v } = request.query as { v?: unknown };
  const isPinned = v === file.sha256;
  const etag = `"${file.sha256}"`;
  reply.header("etag", etag).header("cache-control", isPinned ? immutable : "no-cache");
  if (file.mediaType.startsWith("text/html")) reply.header("content-security-policy", reportPolicy);
  if (matchesEtag(request.headers["if-none-match"], etag)) return reply.status(304).send();
  return reply.type(file.mediaType).send(file.bytes);
}

/** RFC 9110 §13.1.2: a list of tags, weakly compared, or `*`. */
function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((tag) => ["*", etag, `W/${etag}`].includes(tag.trim()));
}
