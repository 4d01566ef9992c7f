// A shop's page on another origin: it loads the element, its worker, its engine and the model from this server when the
// server allows that origin, and nothing when it does not.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Server } from "@attune/server";
import { describe, expect, onTestFinished, test } from "vitest";
import { createBench } from "./demo-page.ts";
import { filmArtifact } from "./film-artifact.ts";

const bench = createBench(filmArtifact());

/** The host's own policy, as strict as the element lets it be. */
const policyFor = (server: string) =>
  `default-src 'none'; script-src ${server} 'wasm-unsafe-eval'; connect-src ${server}; worker-src blob: ${server}; style-src 'unsafe-inline'`;

/** A page of another origin (another port is one) with the element of `server`. */
async function startShop(): Promise<{ readonly origin: string; show(server: Server): void }> {
  let page = "";
  let policy = "";
  const shop = createServer((request, response) => {
    if (request.url !== "/") return response.writeHead(204).end();
    response.setHeader("content-security-policy", policy);
    return response.setHeader("content-type", "text/html; charset=utf-8").end(page);
  });
  await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    shop.closeAllConnections();
    shop.close();
  });
  return {
    origin: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`,
    show({ url }) {
      policy = policyFor(url);
      page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
        <script type="module" src="${url}/attune-recommendations.js"></script>
        <attune-recommendations k="3" artifact="${url}/artifact/"></attune-recommendations>`;
    },
  };
}

describe("a page on another origin", () => {
  test("loads the element and its model from a server that allows it", async () => {
    const shop = await startShop();
    const server = await bench().serve({ allowOrigin: [shop.origin] });
    shop.show(server);
    const { page, complaints, requests } = await bench().open({ path: shop.origin });
    await page.locator("li .title", { hasText: /[A-Z]/ }).first().waitFor();
    expect(await page.locator("li").count()).toBe(3);
    expect(page.workers()).toHaveLength(1);
    expect(complaints).toEqual([]);
    // The address of the version is found across origins too.
    const model = requests.filter((url) => url.includes("model.onnx"));
    expect(model).toEqual([expect.stringMatching(/\/artifact\/[0-9a-f]{64}\/model\.onnx\?v=[0-9a-f]{64}$/)]);
    for (const url of requests.filter((one) => !one.startsWith("blob:"))) {
      expect([shop.origin, server.url]).toContain(new URL(url).origin);
    }
  });

  test.each([
    ["allows none", []],
    ["allows another origin", ["https://elsewhere.example"]],
  ])("is refused by a server that %s", async (_, allowOrigin) => {
    const shop = await startShop();
    const server = await bench().serve({ allowOrigin });
    shop.show(server);
    const { page, complaints, requests } = await bench().open({ path: shop.origin });
    await expect.poll(() => complaints.join("\n")).toContain("CORS");
    expect(await page.locator("li").count()).toBe(0);
    expect(page.workers()).toHaveLength(0);
    expect(requests.filter((url) => url.includes("/artifact/"))).toEqual([]);
  });

  test("that brings the element itself is refused the model all the same", async () => {
    const shop = await startShop();
    const allowed = await bench().serve({ allowOrigin: [shop.origin] });
    const refusing = await bench().serve({});
    shop.show(allowed);
    const { page } = await bench().open({ path: shop.origin });
    await page.locator("li").first().waitFor();
    const outcome = await page.evaluate(
      (url) =>
        fetch(url).then(
          () => "read",
          () => "refused",
        ),
      `${refusing.url}/artifact/model.onnx`,
    );
    expect(outcome).toBe("refused");
  });
});
