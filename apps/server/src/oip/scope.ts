/** A part of the server that speaks the protocol: any content type is taken, and every failure is `{ "error": "…" }`. */
import { AttuneError } from "@attune/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { KeyGroup } from "../access/key-group.ts";
import { answerFailure } from "../http/answer-failure.ts";
import { pathOf } from "../http/request-facts.ts";
import { readEncodedBody } from "./body/read-encoded-body.ts";
import type { OipContext } from "./oip-context.ts";

export interface OipRoute {
  readonly method: "GET" | "POST";
  /** Behind the prefix; parameters as `:name`. */
  readonly path: string;
  handle(request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply>;
}

export interface ScopeOptions {
  /** Who may call these routes. */
  readonly group: KeyGroup;
  readonly routes: readonly OipRoute[];
}

const prefix = "/v2";

/** Adds the routes with a parser, an error handler and a not-found handler of their own. */
export async function addScope(
  app: FastifyInstance,
  { group, routes }: ScopeOptions,
  context: OipContext,
): Promise<void> {
  await app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      // What it says does not matter, and some clients say what is no type at all.
      scope.addHook("onRequest", async ({ headers }) => {
        delete headers["content-type"];
      });
      scope.addContentTypeParser("*", (request: FastifyRequest) => readEncodedBody(request, context));
      scope.setErrorHandler((error, request, reply) => answerFailure(error, request, reply, context));
      scope.setNotFoundHandler((request, reply) => {
        const { method } = request;
        const path = pathOf(request);
        const allowed = allowedMethods(routes, path.slice(prefix.length));
        if (allowed.length > 0) reply.header("allow", allowed.join(", "));
        const failure =
          allowed.length === 0
            ? new AttuneError("SERVER_NOT_FOUND", { method, path })
            : new AttuneError("SERVER_METHOD", { method, path, allowed });
        return answerFailure(failure, request, reply, context);
      });
      // The protocol has its own document: these routes are not in ours.
      const options = { schema: { hide: true }, config: { group } };
      for (const { method, path, handle } of routes) {
        scope.route({ method, url: path, handler: handle, ...options });
      }
    },
    { prefix },
  );
}

function allowedMethods(routes: readonly OipRoute[], path: string): readonly string[] {
  const methods = routes.filter((route) => isMatch(route.path, path)).map(({ method }) => method);
  return [...new Set(methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])))];
}

function isMatch(pattern: string, path: string): boolean {
  const expected = pattern.split("/");
  const segments = path.split("/");
  if (path === "") return pattern === "/";
  return (
    segments.length === expected.length &&
    expected.every((part, index) =>
      part.startsWith(":") ? segments[index] !== "" : part === segments[index],
    )
  );
}
