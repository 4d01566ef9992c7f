import { describe, expect, test } from "vitest";
import { AttuneError, errorMessages, isAttuneError } from "./index.ts";

test("an error carries its code, details and cause, and says what to do", () => {
  const cause = new Error("ENOSPC");
  const error = new AttuneError("FILE_WRITE", { path: "model.onnx", reason: "no space left" }, { cause });
  expect(error.code).toBe("FILE_WRITE");
  expect(error.cause).toBe(cause);
  expect(error.message).toBe(
    "cannot write model.onnx: no space left. Nothing was changed; free space or choose another folder and run it again",
  );
});

test("it is recognised by name and code after crossing a boundary", () => {
  const wire = JSON.parse(JSON.stringify(new AttuneError("RUNTIME_CLOSED", { what: "the session" })));
  const copy = Object.assign(new Error(wire.message), wire);
  expect(isAttuneError(copy, "RUNTIME_CLOSED")).toBe(true);
  expect(isAttuneError(copy, "RUNTIME_RUN")).toBe(false);
  expect(isAttuneError(new Error("RUNTIME_CLOSED"))).toBe(false);
});

test("a long list is cut, with a count", () => {
  const issues = Array.from({ length: 25 }, (_, index) => `issue ${index}`);
  const { message, details } = new AttuneError("REQUEST_INVALID", { issues });
  expect(message.match(/\n {2}- issue/g)).toHaveLength(20);
  expect(message).toContain("… and 5 more");
  expect(details.issues).toHaveLength(25);
});

test("a file of a thousand columns does not fill the screen with their names", () => {
  const found = Array.from({ length: 1000 }, (_, index) => `column${index}`);
  const { message } = new AttuneError("DATA_MISSING_COLUMN", { path: "e.csv", missing: ["user"], found });
  expect(message).toContain("column29 and 970 more");
  expect(message).not.toContain("column30");
});

describe.each(Object.keys(errorMessages))("%s", (code) => {
  test("has a package prefix", () => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z0-9]+)+$/);
  });
});
