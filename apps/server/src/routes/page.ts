/** `/`: the demo page and its assets, or a plain page that says what there is. */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { pageHeaders } from "../security.ts";

const immutable = "public, max-age=31536000, immutable";

/** Build tools put a hash of the content into these names, relative to the folder. */
const hashedName = /^assets[/\\].*[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/** Serves `assetsDir` when it holds an index.html; otherwise `/` is a plain page. */
export async function addPage(app: FastifyInstance, assetsDir: string | undefined): Promise<void> {
  if (assetsDir === undefined || !existsSync(join(assetsDir, "index.html"))) {
    app.get("/", { schema: { hide: true } }, (_, reply) =>
      reply
        .headers(pageHeaders)
        .type("text/html; charset=utf-8")
        .send(plainPage(assetsDir !== undefined)),
    );
    return;
  }
  const root = resolve(assetsDir);
  await app.register(fastifyStatic, {
    root,
    dotfiles: "ignore",
    cacheControl: false,
    schemaHide: true,
    setHeaders(reply, path) {
      const isHashed = hashedName.test(relative(root, path));
      reply.headers(pageHeaders).header("cache-control", isHashed ? immutable : "no-cache");
    },
  });
}

function plainPage(hasAssetsDir: boolean): string {
  const hint = hasAssetsDir
    ? "The folder given with --assets has no index.html: build the demo page first."
    : "Start it with --assets and the folder of the built demo page to see the demo here.";
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Attune scoring server</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}</style>
<h1>Attune scoring server</h1>
<p>This server is running. ${hint}</p>
<ul>
<li><a href="/docs">API documentation</a> and <a href="/openapi.json">openapi.json</a></li>
<li><a href="/v1/model">The model that answers</a></li>
<li><a href="/artifact/report.html">Its report</a></li>
<li><a href="/readyz">Readiness</a> and <a href="/metrics">metrics</a></li>
</ul>
</html>
`;
}
