import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StaticServer, serveFolders } from "./static-server.ts";

let root = "";
let server: StaticServer;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "attune-static-"));
  mkdirSync(path.join(root, "page"));
  mkdirSync(path.join(root, "page-secret"));
  mkdirSync(path.join(root, "artifact"));
  writeFileSync(path.join(root, "page/index.html"), "<p>hello</p>");
  writeFileSync(path.join(root, "page/engine.wasm"), "wasm");
  writeFileSync(path.join(root, "page-secret/key"), "secret");
  writeFileSync(path.join(root, "artifact/manifest.json"), "{}");
  server = await serveFolders({
    folders: { "/": path.join(root, "page"), "/artifact/": path.join(root, "artifact") },
  });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

/** `fetch` cleans `..` out of a URL; a hostile client does not. */
function statusOf(rawPath: string): Promise<number | undefined> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: rawPath }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test.each([
  ["/", "text/html; charset=utf-8", "<p>hello</p>"],
  ["/engine.wasm?v=1", "application/wasm", "wasm"],
  ["/artifact/manifest.json", "application/json; charset=utf-8", "{}"],
])("%s is served as %s, isolated", async (target, type, body) => {
  const response = await fetch(server.url + target);
  expect(response.headers.get("content-type")).toBe(type);
  expect(response.headers.get("content-length")).toBe(String(body.length));
  expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(response.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  expect(await response.text()).toBe(body);
});

test.each([
  "/nothing",
  "/../page-secret/key",
  "/%2e%2e/page-secret/key",
  "/..%2fpage-secret/key",
  "/artifact",
  "/%ff",
  "/a%00b",
])("%s is not found", async (rawPath) => {
  expect(await statusOf(rawPath)).toBe(404);
});

test("HEAD has no body and POST is refused", async () => {
  expect(await (await fetch(server.url, { method: "HEAD" })).text()).toBe("");
  expect((await fetch(server.url, { method: "POST" })).status).toBe(405);
});
