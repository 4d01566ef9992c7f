/** `GET /artifact/<file>` and `GET /artifact/<sha256>/<file>`: the very bytes that answer here, for browsers. */
import { artifactFiles } from "@attune/contracts/manifest";
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { addToList, sendFile } from "../files/send-file.ts";
import { publicMediaTypes, type ServedFiles } from "../files/served-files.ts";
import { failureResponses } from "../openapi/responses.ts";
import { noSuchRoute } from "./route-context.ts";

export interface ArtifactSource {
  /**
   * The files of the model that answers when none is named.
   *
   * @throws {AttuneError} `SERVER_NOT_READY` until there is one.
   */
  current(): ServedFiles;
  /** Those of any loaded version, by the sha256 of its model.onnx. */
  bySha256(sha256: string): ServedFiles | undefined;
  /** Whether pages of other origins may load the files. Default false. */
  readonly isShared?: boolean;
}

const immutable = "public, max-age=31536000, immutable";

/** Only what a page needs to answer with the model: `publicMediaTypes`. */
export function addArtifactRoutes(app: FastifyInstance, source: ArtifactSource): void {
  for (const [name, mediaType] of Object.entries(publicMediaTypes)) {
    const describe = (summary: string, description: string, pinned: boolean) =>
      schemaOf(name, mediaType, summary, description, pinned);
    addGet(
      app,
      `/artifact/${name}`,
      describe(
        `The artifact's ${name}`,
        "Of the model that answers when none is named; revalidated each time. With ?v=<sha256> of this very file it may be cached for good.",
        false,
      ),
      (request, reply) => {
        const files = source.current();
        if (name === artifactFiles.manifest) reply.header("content-location", `${files.sha256}/${name}`);
        return send(request, reply, files, name, source, pinOf(request) ?? "none");
      },
    );
    addGet(
      app,
      `/artifact/:sha256/${name}`,
      describe(
        `A loaded version's ${name}`,
        "By the sha256 of its model.onnx, as the content-location of /artifact/manifest.json names it. May be cached for good.",
        true,
      ),
      (request, reply) => {
        const { sha256 } = request.params as { sha256: string };
        const files = source.bySha256(sha256);
        if (files === undefined) throw noSuchRoute(request.method, `/artifact/${sha256}/${name}`);
        return send(request, reply, files, name, source, pinOf(request));
      },
    );
  }
}

/** Its own HEAD: the one that Fastify makes of a GET would read the file to its end. */
function addGet(app: FastifyInstance, url: string, schema: object, handler: RouteHandlerMethod): void {
  app.head(url, { schema: { hide: true } }, handler);
  app.get(url, { schema }, handler);
}

/** What `?v=` names; undefined without it. */
function pinOf(request: FastifyRequest): string | undefined {
  const { v } = request.query as { v?: unknown };
  return v === undefined ? undefined : String(v);
}

/** @param pin - cached for good when it is the sha256 of the file, or when the address alone says which file it is. */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  files: ServedFiles,
  name: string,
  { isShared = false }: ArtifactSource,
  pin: string | undefined,
): Promise<FastifyReply> {
  const file = files.get(name);
  if (file === undefined) throw noSuchRoute(request.method, request.url.split("?", 1)[0]!);
  if (isShared) {
    reply.header("cross-origin-resource-policy", "cross-origin");
    // Scripts of other origins read only the headers that are named here.
    addToList(reply, "access-control-expose-headers", "content-location", "etag", "content-range");
  }
  const isPinned = pin === undefined || pin === file.identity.sha256;
  return sendFile(request, reply, file, isPinned ? immutable : "no-cache");
}

function schemaOf(name: string, mediaType: string, summary: string, description: string, pinned: boolean) {
  const type = mediaType.split(";")[0]!;
  const content = { [type]: { schema: {} } };
  return {
    operationId: `${pinned ? "version" : "artifact"}-${name.replace(".", "-")}`,
    summary,
    description: `${description} The ETag is the sha256 of the bytes sent; br and gzip by Accept-Encoding, one byte range of the plain file.`,
    tags: ["artifact"],
    ...(pinned && {
      params: {
        type: "object",
        properties: { sha256: { type: "string", pattern: "^[0-9a-f]{64}$" } },
        required: ["sha256"],
      },
    }),
    querystring: { type: "object", properties: { v: { type: "string" } } },
    response: {
      200: { description: name, content },
      206: { description: "The range asked for", content },
      304: { description: "Not modified", type: "null" },
      ...failureResponses(404, 416, 503),
    },
  };
}
