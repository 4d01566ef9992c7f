import { fastify } from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ServerLogger } from "../observe/log.ts";
import { addAccess, createAccess } from "./access.ts";
import { keyGroups } from "./key-group.ts";
import { parseKeys } from "./parse-keys.ts";
import { startAccessApp } from "./testing/access-app.ts";

const webKey = "web-key-0123456789abcdef";
const opsKey = "ops-key-0123456789abcdef";
const keys = parseKeys(
  JSON.stringify({
    keys: [
      { id: "web", key: webKey, groups: ["inference"] },
      { id: "ops", key: opsKey, groups: ["metrics", "admin"] },
    ],
  }),
  "test",
);
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe("keys", () => {
  test("as a bearer token or as x-api-key, open the routes of their groups", async () => {
    const app = await startAccessApp({ keys });
    for (const headers of [
      bearer(webKey),
      { authorization: `bearer  ${webKey} ` },
      { "x-api-key": webKey },
    ]) {
      expect(await app.send("POST", "/inference", headers)).toMatchObject({ status: 200 });
    }
    expect(await app.send("GET", "/metrics", bearer(opsKey))).toMatchObject({ status: 200 });
  });

  test("beside the credentials of a proxy, x-api-key is the one that counts", async () => {
    const app = await startAccessApp({ keys });
    const headers = { authorization: "Basic dXNlcjpwYXNz", "x-api-key": webKey };
    expect(await app.send("GET", "/inference", headers)).toMatchObject({ status: 200 });
  });

  test.each([
    ["no key", {}],
    ["an unknown key", bearer("no-such-key-0123456789")],
    ["an empty one", { authorization: "Bearer " }],
    ["the beginning of one", bearer(webKey.slice(0, -1))],
    ["one and more", bearer(`${webKey}0`)],
    ["its id", bearer("web")],
    ["a very long one", bearer("a".repeat(10_000))],
  ])("%s is 401, with the scheme to use", async (_, headers) => {
    const app = await startAccessApp({ keys });
    const answer = await app.send("POST", "/inference", headers);
    expect(answer).toMatchObject({ status: 401, code: "SERVER_UNAUTHORIZED" });
    expect(answer.headers["www-authenticate"]).toBe("Bearer");
  });

  test("of another group are 403", async () => {
    const app = await startAccessApp({ keys });
    expect(await app.send("GET", "/metrics", bearer(webKey))).toMatchObject({
      status: 403,
      code: "SERVER_FORBIDDEN",
    });
    expect(await app.send("POST", "/inference", bearer(opsKey))).toMatchObject({ status: 403 });
  });

  test("are not asked for by routes without a group, nor by groups without a key", async () => {
    const app = await startAccessApp({ keys });
    for (const headers of [{}, bearer("no-such-key-0123456789"), bearer(webKey)]) {
      expect(await app.send("GET", "/open", headers)).toMatchObject({ status: 200 });
      expect(await app.send("GET", "/feedback", headers)).toMatchObject({ status: 200 });
    }
  });

  test("are known by their sha256 alone", async () => {
    const { createHash } = await import("node:crypto");
    const sha256 = createHash("sha256").update(webKey).digest("hex").toUpperCase();
    const text = JSON.stringify({ keys: [{ id: "web", sha256, groups: ["inference"] }] });
    const app = await startAccessApp({ keys: parseKeys(text, "test") });
    expect(await app.send("GET", "/inference", bearer(webKey))).toMatchObject({ status: 200 });
    expect(await app.send("GET", "/inference", bearer(sha256))).toMatchObject({ status: 401 });
  });

  test("never stand in the log or in an answer, whether taken or refused", async () => {
    const lines: string[] = [];
    const log = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
    const logger: ServerLogger = { debug: log, info: log, warn: log, error: log };
    const app = await startAccessApp({ keys, logger });
    const wrong = "wrong-key-0123456789abcdef";
    const answers = [
      await app.send("POST", "/inference", bearer(webKey)),
      await app.send("POST", "/metrics", { "x-api-key": webKey }),
      await app.send("POST", "/inference", bearer(wrong)),
      await app.send("POST", "/inference", { "x-api-key": wrong }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 401, 401]);
    const text = `${lines.join("\n")}${JSON.stringify(answers)}`;
    expect(text).toContain("SERVER_UNAUTHORIZED");
    expect(text).toContain("request answered");
    for (const secret of [
      webKey,
      wrong,
      keys[0]!.digest.toString("hex"),
      keys[0]!.digest.toString("base64"),
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});

test("without keys, rates and origins every group is open", async () => {
  const app = await startAccessApp();
  for (const group of keyGroups) {
    expect(await app.send("GET", `/${group}`)).toMatchObject({ status: 200 });
    expect(await app.send("POST", `/${group}`)).toMatchObject({ status: 200 });
  }
});

test("what is not set up costs nothing: routes that read get no hook", async () => {
  const app = fastify();
  onTestFinished(() => app.close());
  await addAccess(app, createAccess({}), "public");
  const hooked: unknown[] = [];
  app.addHook("onRoute", ({ method, onRequest }) => {
    if (onRequest !== undefined) hooked.push(method);
  });
  app.get("/inference", { config: { group: "inference" } }, async () => "");
  app.post("/inference", { config: { group: "inference" } }, async () => "");
  expect(hooked).toEqual(["POST"]);
});

describe("rates", () => {
  const limited = parseKeys(
    JSON.stringify({
      keys: [
        { id: "slow", key: webKey, groups: ["inference"], ratePerSecond: 0.5, burst: 2 },
        { id: "free", key: opsKey, groups: ["inference"] },
      ],
    }),
    "test",
  );

  test("past a key's burst it is 429 with whole seconds to wait, and open again after them", async () => {
    let nowMs = 1000;
    const app = await startAccessApp({ keys: limited, now: () => nowMs });
    const ask = () => app.send("POST", "/inference", bearer(webKey));
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect(refused).toMatchObject({ status: 429, code: "SERVER_RATE" });
    expect(refused.headers["retry-after"]).toBe("2");
    expect(app.limited).toBe(1);
    expect(await app.send("POST", "/inference", bearer(opsKey))).toMatchObject({ status: 200 });
    nowMs += 1999;
    expect((await ask()).headers["retry-after"]).toBe("1");
    nowMs += 1;
    expect(await ask()).toMatchObject({ status: 200 });
    expect(await ask()).toMatchObject({ status: 429 });
  });

  test("a clock that is set back an hour keeps nobody waiting for it", async () => {
    let nowMs = 4e6;
    const app = await startAccessApp({ keys: limited, now: () => nowMs });
    const ask = async () => (await app.send("POST", "/inference", bearer(webKey))).status;
    expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
    nowMs -= 3.6e6;
    expect(await ask()).toBe(429);
    nowMs += 2000;
    expect(await ask()).toBe(200);
  });

  test("an address without a known key has a rate of its own, wrong keys count, known keys do not", async () => {
    const app = await startAccessApp({ keys: limited, ratePerAddress: 2, now: () => 0 });
    const wrong = bearer("wrong-key-0123456789abcdef");
    expect(await app.send("POST", "/inference", wrong)).toMatchObject({ status: 401 });
    expect(await app.send("GET", "/feedback")).toMatchObject({ status: 200 });
    expect(await app.send("GET", "/feedback")).toMatchObject({ status: 429 });
    expect(await app.send("POST", "/inference", wrong)).toMatchObject({ status: 429 });
    expect(await app.send("POST", "/inference", bearer(opsKey))).toMatchObject({ status: 200 });
    expect(await app.send("GET", "/open")).toMatchObject({ status: 200 });
  });
});

describe("pages of other origins", () => {
  const shop = "https://shop.example";
  const evil = "https://evil.example";

  test.each([
    ["the server's own page", 200, (port: number) => ({ origin: `http://127.0.0.1:${port}` })],
    ["a program that is no browser", 200, () => ({})],
    [
      "a page behind a proxy that hands the host on",
      200,
      () => ({ host: "a.example", origin: "https://a.example" }),
    ],
    ["the same with the port spelt out", 200, () => ({ host: "a.example:443", origin: "https://a.example" })],
    ["an origin that is allowed", 200, () => ({ origin: shop })],
    ["another origin", 403, () => ({ origin: evil })],
    ["another port of this machine", 403, () => ({ origin: "http://127.0.0.1:1" })],
    ["an origin that begins like an allowed one", 403, () => ({ origin: `${shop}.evil.example` })],
    ["a page from a file", 403, () => ({ origin: "null" })],
    ["nonsense", 403, () => ({ origin: "\u00e9 {}" })],
  ])("POST by %s: %i", async (_, status, headers) => {
    const app = await startAccessApp({ allowOrigin: [shop] });
    const answer = await app.send("POST", "/inference", headers(app.port));
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.code).toBe("SERVER_ORIGIN");
  });

  test("may all ask with *", async () => {
    const app = await startAccessApp({ allowOrigin: ["*"] });
    const answer = await app.send("POST", "/v1/recommend", { origin: evil });
    expect(answer).toMatchObject({ status: 200, headers: { "access-control-allow-origin": "*" } });
  });

  test("reading is the browser's to refuse: nothing allows it", async () => {
    const app = await startAccessApp({ allowOrigin: [shop] });
    const { status, headers } = await app.send("GET", "/v1/items", { origin: evil });
    expect(status).toBe(200);
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("a refusal can be read by an allowed page: it has the headers of the others", async () => {
    const app = await startAccessApp({ keys, allowOrigin: [shop] });
    const { status, headers } = await app.send("POST", "/inference", { origin: shop });
    expect(status).toBe(401);
    expect(headers["access-control-allow-origin"]).toBe(shop);
    expect(headers["access-control-expose-headers"]).toContain("retry-after");
  });

  test("a preflight is answered without a key, with every header that clients send", async () => {
    const app = await startAccessApp({ keys, allowOrigin: [shop] });
    const { status, headers } = await app.send("OPTIONS", "/v1/recommend", {
      origin: shop,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-api-key",
    });
    expect(status).toBe(204);
    expect(headers["access-control-allow-origin"]).toBe(shop);
    for (const name of [
      "authorization",
      "content-type",
      "inference-header-content-length",
      "traceparent",
      "x-api-key",
      "x-request-id",
      "x-request-timeout-ms",
    ]) {
      expect(headers["access-control-allow-headers"]?.split(/, */)).toContain(name);
    }
  });

  test.each(["/openapi.json", "/docs/a.js", "/metrics"])("%s is shared with nobody", async (path) => {
    const app = await startAccessApp({ allowOrigin: ["*"] });
    const { headers } = await app.send("GET", path, { origin: shop });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(headers["cross-origin-resource-policy"]).toBeUndefined();
  });

  test("public files say that other origins may have them, only when they may", async () => {
    const shared = await startAccessApp({ allowOrigin: [shop] });
    for (const path of ["/artifact/model.onnx", "/v1/items"]) {
      const { headers } = await shared.send("GET", path);
      expect(headers["cross-origin-resource-policy"]).toBe("cross-origin");
    }
    const closed = await startAccessApp();
    const { headers } = await closed.send("GET", "/artifact/model.onnx");
    expect(headers["cross-origin-resource-policy"]).toBeUndefined();
  });
});

describe("the admin port", () => {
  const names = ["ops.example"];

  test.each([
    ["this machine by its name", 200, (port: number) => ({ host: `localhost:${port}` })],
    ["an address", 200, () => ({ host: "10.1.2.3:8081" })],
    ["an IPv6 address", 200, () => ({ host: "[::1]:8081" })],
    ["a name that is allowed", 200, () => ({ host: "OPS.example" })],
    ["a name that somebody made to point here", 403, () => ({ host: "evil.example" })],
    ["a name that ends like an allowed one", 403, () => ({ host: "evil-ops.example" })],
    ["a name with a user before it", 403, () => ({ host: "localhost@evil.example" })],
  ])("asked to change something as %s: %i", async (_, status, headers) => {
    const app = await startAccessApp({ scope: "admin", allowHost: names });
    const answer = await app.send("POST", "/admin", headers(app.port));
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.code).toBe("SERVER_HOST");
  });

  test("a page whose name was made to point here is refused, though to its browser it is the same origin", async () => {
    const app = await startAccessApp({ scope: "admin" });
    const headers = { host: `evil.example:${app.port}`, origin: `http://evil.example:${app.port}` };
    expect(await app.send("POST", "/admin", headers)).toMatchObject({ status: 403, code: "SERVER_HOST" });
  });

  test("is for no other origin, also not for one that may ask the models", async () => {
    const app = await startAccessApp({ scope: "admin", allowOrigin: ["*"] });
    const asked = await app.send("POST", "/admin", { origin: "https://shop.example" });
    expect(asked).toMatchObject({ status: 403, code: "SERVER_ORIGIN" });
    const read = await app.send("GET", "/metrics", { origin: "https://shop.example" });
    expect(read.headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("with a key of the group admin asks for it; metrics without one stay open", async () => {
    const own = keys.map((key) => ({ ...key, groups: key.groups.filter((group) => group !== "metrics") }));
    const app = await startAccessApp({ scope: "admin", keys: own });
    expect(await app.send("POST", "/admin")).toMatchObject({ status: 401 });
    expect(await app.send("POST", "/admin", bearer(webKey))).toMatchObject({ status: 403 });
    expect(await app.send("POST", "/admin", bearer(opsKey))).toMatchObject({ status: 200 });
    expect(await app.send("GET", "/metrics")).toMatchObject({ status: 200 });
  });
});
