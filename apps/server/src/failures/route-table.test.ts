import fc from "fast-check";
import { expect, test } from "vitest";
import { createRouteTable } from "./route-table.ts";

const table = createRouteTable();
table.add("POST", "/v1/recommend");
table.add(["GET", "HEAD"], "/artifact/:sha256/model.onnx");
table.add("POST", "/v2/models/:model/infer");
table.add("GET", "/docs/*");
table.add("GET", "/a.b");

test.each([
  ["/v1/recommend", ["POST"]],
  ["/artifact/abc/model.onnx", ["GET"]],
  ["/v2/models/anything%20goes/infer", ["POST"]],
  ["/docs/", ["GET"]],
  ["/docs/static/index.css", ["GET"]],
  ["/a.b", ["GET"]],
])("%s takes %j", (path, methods) => {
  expect(table.methodsOf(path)).toEqual(methods);
});

test.each([
  "/",
  "",
  "/v1",
  "/artifact//model.onnx",
  "/artifact/a/b/model.onnx",
  "/artifact/a/modelxonnx",
  "/aXb",
])("there is no %j", (path) => {
  expect(table.methodsOf(path)).toEqual([]);
  expect(table.failureOf("GET", path).code).toBe("SERVER_NOT_FOUND");
});

test("another method is told which ones there are", () => {
  expect(table.failureOf("FOO", "/v1/recommend")).toMatchObject({
    code: "SERVER_METHOD",
    details: { method: "FOO", path: "/v1/recommend", allowed: ["POST"] },
  });
});

test("a path that takes the method and is not found all the same is not found", () => {
  for (const method of ["GET", "HEAD"]) {
    expect(table.failureOf(method, "/docs/missing.js").code).toBe("SERVER_NOT_FOUND");
  }
  expect(table.failureOf("DELETE", "/docs/missing.js").code).toBe("SERVER_METHOD");
});

test("no path throws, whatever a caller types", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (path) => {
      expect(table.methodsOf(`/artifact/${path}`).length).toBeLessThan(2);
    }),
    { seed: 1 },
  );
});
