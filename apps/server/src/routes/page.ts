/** `/`: the demo page and its assets, or a plain page that says what there is. */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { pageHeaders } from "../security.ts";
import { plainPage } from "./plain-page.ts";
import type { RouteContext } from "./route-context.ts";

const immutable = "public, max-age=31536000, immutable";

/** Build tools put a hash of the content into these names, relative to the folder. */
const hashedName = /^assets[/\\].*[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

export interface PageOptions {
  readonly assetsDir?: string | undefined;
  /** Whether pages of other origins may load the element, its worker and its engine. Default false. */
  readonly isShared?: boolean;
}

/**
 * Serves `assetsDir` when it holds an index.html. The demo in it asks for recommendations: with a model of another task,
 * and without assets, `/` is a plain page.
 */
export async function addPage(
  app: FastifyInstance,
  { models }: RouteContext,
  { assetsDir, isShared = false }: PageOptions,
): Promise<void> {
  const hasDemo = assetsDir !== undefined && existsSync(join(assetsDir, "index.html"));
  if (hasDemo) await addAssets(app, resolve(assetsDir), isShared);
  app.get("/", { schema: { hide: true } }, (_, reply) => {
    const manifest = models.current()?.manifest;
    if (hasDemo && (manifest === undefined || manifest.task === "recommend")) {
      return reply.sendFile("index.html");
    }
    return reply
      .headers(pageHeaders)
      .header("cache-control", "no-cache")
      .type("text/html; charset=utf-8")
      .send(plainPage(manifest, hasDemo ? "" : hintFor(assetsDir)));
  });
}

function hintFor(assetsDir: string | undefined): string {
  return assetsDir !== undefined
    ? "The folder given with --assets has no index.html: build the demo page first."
    : "Start it with --assets and the folder of the built demo page to see the demo here.";
}

async function addAssets(app: FastifyInstance, root: string, isShared: boolean): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    dotfiles: "ignore",
    cacheControl: false,
    // The build leaves `.br` and `.gz` beside each file that shrinks.
    preCompressed: true,
    schemaHide: true,
    setHeaders(reply, path) {
      const isHashed = hashedName.test(relative(root, path).replace(/\.(br|gz)$/, ""));
      reply.headers(pageHeaders).header("cache-control", isHashed ? immutable : "no-cache");
      if (isShared) reply.header("cross-origin-resource-policy", "cross-origin");
    },
  });
}
