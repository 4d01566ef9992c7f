import { expect, test } from "vitest";
import { toCurl } from "./curl.ts";

const address = { url: new URL("http://host:8000/base/"), headers: { authorization: "Bearer secret" } };
const bare = { ...address, headers: {} };

test("headers that the user gave are named, their values are not", () => {
  const line = toCurl({ method: "GET", path: "/v2" }, address);
  expect(line).toBe("curl -i -H 'authorization: …' 'http://host:8000/base/v2'");
});

test("a body of text is quoted for a shell; without a content type curl sends none either", () => {
  const line = toCurl({ method: "POST", path: "/v2", body: Buffer.from('{"a":"it\'s"}') }, bare);
  expect(line).toBe(
    `curl -i -X POST -H 'content-type:' 'http://host:8000/base/v2' --data-binary '{"a":"it'\\''s"}'`,
  );
});

test("a body of bytes goes through base64", () => {
  const headers = { "content-type": "application/octet-stream" };
  const line = toCurl({ method: "POST", path: "/v2", headers, body: Buffer.of(0, 255) }, bare);
  expect(line).toMatch(/^echo AP8= \| base64 -d \| curl .+ --data-binary @-$/);
});

test("a path that curl would tidy up is sent as it is; a long body is left out", () => {
  const body = Buffer.from("[".repeat(5000));
  const line = toCurl({ method: "POST", path: "/v2/models/..%2f", body, chunkBytes: 1 }, bare);
  expect(line).toContain("--path-as-is");
  expect(line).toContain("-H 'transfer-encoding: chunked'");
  expect(line).toMatch(/--data-binary @BODY {2}# 5000 bytes: \[{60}…$/);
});
