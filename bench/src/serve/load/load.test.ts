import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startLoad } from "./load.ts";

/** Answers with a status; says what it was asked. */
async function serve(status: number) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(`${request.url} ${Buffer.concat(chunks).toString()}`);
    response.writeHead(status, { "content-length": 2 }).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const load = startLoad(2);
  onTestFinished(() => {
    load.stop();
    server.closeAllConnections();
    server.close();
  });
  return { bodies, load, port: (server.address() as AddressInfo).port };
}

test("every body is sent in turn, and every answer counted", async () => {
  const { bodies, load, port } = await serve(200);
  const report = await load.run({ port, path: "/ask", bodies: ["a", "b"], seconds: 0.2 });
  expect(report.answers).toBe(bodies.length);
  expect(report.answers).toBeGreaterThan(2);
  expect(new Set(bodies)).toEqual(new Set(["/ask a", "/ask b"]));
  expect(report.p99Ms).toBeGreaterThanOrEqual(report.p50Ms);
});

test("one answer that is not 200 fails the measurement", async () => {
  const { load, port } = await serve(503);
  await expect(load.run({ port, path: "/ask", bodies: ["a"], seconds: 0.2 })).rejects.toThrow(
    "/ask failed under load: status 503",
  );
});
