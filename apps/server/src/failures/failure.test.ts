import { AttuneError } from "@attune/contracts";
import { expect, test } from "vitest";
import { answeredCodes, type FailureContext, toFailure } from "./failure.ts";

const context: FailureContext = {
  requestId: "r-1",
  method: "POST",
  path: "/v1/recommend",
  contentType: "application/json",
  bodyLimit: 100,
};

test.each<[string, unknown]>([
  ["an error of ours", new AttuneError("FILE_READ", { path: "/secret/model.onnx", reason: "secret" })],
  ["any other error", new TypeError("secret")],
  ["no error at all", "secret"],
])("%s that the caller did not cause is logged and tells nothing", (_, cause) => {
  const { status, body, internal } = toFailure(cause, context);
  expect(status).toBe(500);
  expect(internal).toBe(cause);
  expect(body.error).toEqual({
    code: "SERVER_INTERNAL",
    message: "internal error; the log has it under request r-1",
    requestId: "r-1",
  });
});

test("what the caller can put right is told in full and is no failure of ours", () => {
  const cause = new AttuneError("REQUEST_INVALID", { issues: ["k: too large"] });
  expect(toFailure(cause, context)).toEqual({
    status: 400,
    body: {
      error: {
        code: "REQUEST_INVALID",
        message: cause.message,
        details: { issues: ["k: too large"] },
        requestId: "r-1",
      },
    },
  });
});

test("the codes of each status are those that the error table gives it; of ours only the one that is told", () => {
  const codes = answeredCodes();
  expect(codes.get(503)).toEqual(expect.arrayContaining(["RUNTIME_CLOSED", "SERVER_NOT_READY"]));
  expect(codes.get(404)).toEqual(["SERVER_NOT_FOUND", "SERVER_MODEL_UNKNOWN"]);
  expect(codes.get(500)).toEqual(["SERVER_INTERNAL"]);
});
