// Raw bytes on a socket, and what comes back: requests that Node's parser refuses before there is one.
import { once } from "node:events";
import { createServer, maxHeaderSize } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { answerClientError, answerConnect } from "./client-error.ts";
import { createRouteTable } from "./route-table.ts";

const routes = createRouteTable();
routes.add("POST", "/v1/recommend");
routes.add("GET", "/healthz");

/** A server of nothing but Node's parser and what is tested. */
async function listen(receiveTimeoutMs = 30_000): Promise<number> {
  const timers = {
    requestTimeout: receiveTimeoutMs,
    headersTimeout: receiveTimeoutMs,
    connectionsCheckingInterval: 20,
  };
  const server = createServer(timers, (_, response) => response.end("ok"));
  server.on("clientError", (error, socket) => answerClientError(error, socket as Socket, routes));
  server.on("connect", (request, socket) => answerConnect(request.url ?? "", socket as Socket, routes));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends bytes, and reads until the server hangs up. */
async function send(bytes: string, port: number): Promise<{ status: number; head: string; code: string }> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  let text = "";
  for await (const chunk of socket) text += chunk;
  const [head = "", body = ""] = text.split("\r\n\r\n");
  const { error } = JSON.parse(body) as { readonly error: { readonly code: string } };
  return { status: Number(head.split(" ")[1]), head, code: error.code };
}

test.each<[string, string, number, string]>([
  ["an unknown method", "FOO /healthz HTTP/1.1\r\nhost: a\r\n\r\n", 405, "SERVER_METHOD"],
  ["a method in small letters", "get /healthz?a=1 HTTP/1.1\r\nhost: a\r\n\r\n", 405, "SERVER_METHOD"],
  ["an unknown method of no path", "FOO /nothing HTTP/1.1\r\nhost: a\r\n\r\n", 404, "SERVER_NOT_FOUND"],
  ["CONNECT", "CONNECT example.org:443 HTTP/1.1\r\nhost: a\r\n\r\n", 404, "SERVER_NOT_FOUND"],
  ["no method at all", "{}@ /healthz HTTP/1.1\r\nhost: a\r\n\r\n", 400, "SERVER_HTTP"],
  ["a protocol of another kind", "\u0016\u0003\u0001\u0002\r\n\r\n", 400, "SERVER_HTTP"],
  ["no host", "GET /healthz HTTP/1.1\r\nno colon\r\n\r\n", 400, "SERVER_HTTP"],
  [
    "a length that is none",
    "POST /v1/recommend HTTP/1.1\r\nhost: a\r\ncontent-length: two\r\n\r\n",
    400,
    "SERVER_HTTP",
  ],
  [
    "two ways to frame a body",
    "POST /v1/recommend HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
    400,
    "SERVER_HTTP",
  ],
  [
    "headers without end",
    `GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${"a".repeat(maxHeaderSize + 1)}\r\n\r\n`,
    431,
    "SERVER_HEADERS_TOO_LARGE",
  ],
])("%s", async (_, bytes, status, code) => {
  const answer = await send(bytes, await listen());
  expect([answer.status, answer.code]).toEqual([status, code]);
  expect(answer.head).toContain("connection: close");
  expect(answer.head).toMatch(/x-request-id: [0-9a-f-]{36}/);
});

test("405 says which methods there are", async () => {
  const { head } = await send("FOO /v1/recommend HTTP/1.1\r\nhost: a\r\n\r\n", await listen());
  expect(head).toContain("allow: POST");
});

test.each([
  ["headers", "GET /healthz HTTP/1.1\r\nhost: a\r\n"],
  ["a first line", "GET /hea"],
])("%s that never end are cut with 408", async (_, bytes) => {
  const answer = await send(bytes, await listen(100));
  expect([answer.status, answer.code]).toEqual([408, "SERVER_RECEIVE_TIMEOUT"]);
});

test("an unknown method behind a good request of the same packet is still answered", async () => {
  const good = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
  const port = await listen();
  const socket = connect(port, "127.0.0.1");
  socket.write(`${good}FOO /healthz HTTP/1.1\r\nhost: a\r\n\r\n`);
  let text = "";
  for await (const chunk of socket) text += chunk;
  expect(text).toMatch(/HTTP\/1\.1 400 Bad Request/);
});
