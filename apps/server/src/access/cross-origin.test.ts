import { expect, test } from "vitest";
import { get, startReadyServer } from "../testing/harness.ts";

const shop = "https://shop.example";
const preflight = {
  method: "OPTIONS",
  headers: {
    origin: shop,
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
  },
};

test("an origin that is named may load the files and ask the model, another may not", async () => {
  const server = await startReadyServer({ allowOrigin: [shop] });
  for (const path of ["/artifact/manifest.json", "/v1/model"]) {
    const own = await fetch(`${server.url}${path}`, { headers: { origin: shop } });
    expect([path, own.headers.get("access-control-allow-origin")]).toEqual([path, shop]);
    expect(own.headers.get("vary")?.toLowerCase()).toContain("origin");
    const other = await fetch(`${server.url}${path}`, { headers: { origin: "https://shop.example.evil" } });
    expect([path, other.headers.get("access-control-allow-origin")]).toEqual([path, null]);
  }
  const manifest = await fetch(`${server.url}/artifact/manifest.json`, { headers: { origin: shop } });
  const exposed = manifest.headers.get("access-control-expose-headers");
  expect(exposed).toContain("content-location");
  expect(exposed).toContain("x-request-id");
  expect(manifest.headers.get("vary")).toContain("accept-encoding");
  const asked = await fetch(`${server.url}/v1/recommend`, preflight);
  expect(asked.headers.get("access-control-allow-origin")).toBe(shop);
  expect(asked.headers.get("access-control-allow-methods")).toContain("POST");
});

test("without any, nothing is said to other origins, and there are no preflights", async () => {
  const server = await startReadyServer();
  const { status, headers } = await get(server, "/v1/recommend", preflight);
  expect(status).toBeGreaterThanOrEqual(400);
  const file = await fetch(`${server.url}/artifact/manifest.json`, { headers: { origin: shop } });
  for (const answer of [headers, file.headers]) {
    expect([...answer.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
});
