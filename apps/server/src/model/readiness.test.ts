import { AttuneError } from "@attune/contracts";
import { expect, test } from "vitest";
import { createReadiness, readinessSteps } from "./readiness.ts";

test("is starting, with the steps still to pass as reasons, until told it is ready", async () => {
  const readiness = createReadiness();
  await readiness.run("sha256", () => {});
  expect(readiness.report()).toMatchObject({
    state: "starting",
    steps: { sha256: "passed", load: "pending" },
  });
  expect(readiness.report().reasons).toEqual(readinessSteps.slice(1).map((step) => `${step}: pending`));
  expect(() => readiness.assertReady()).toThrow(/starting/);
  readiness.becomeReady();
  expect(readiness.report()).toMatchObject({ state: "ready", reasons: [] });
});

test("fails with the code of what was thrown, keeps its text to itself, and never becomes ready after", async () => {
  const readiness = createReadiness();
  const error = new AttuneError("ARTIFACT_HASH", { dir: "secret-folder", files: ["model.onnx"] });
  await expect(
    readiness.run("sha256", () => {
      throw error;
    }),
  ).rejects.toBe(error);
  readiness.becomeReady();
  expect(readiness.state).toBe("failed");
  expect(readiness.report().reasons).toEqual(["sha256: ARTIFACT_HASH; the log has the rest"]);
});

test("stays draining whatever happens afterwards", async () => {
  const readiness = createReadiness();
  readiness.drain();
  readiness.becomeReady();
  expect(readiness.report()).toMatchObject({
    state: "draining",
    reasons: ["draining: the server is closing"],
  });
});

test("a later attempt starts anew, and a server that is ready stays so", async () => {
  const readiness = createReadiness();
  const broken = () => {
    throw new AttuneError("RUNTIME_CLOSED", { what: "the session" });
  };
  await expect(readiness.run("load", broken)).rejects.toThrow();
  readiness.begin();
  expect(readiness.report()).toMatchObject({ state: "starting", steps: { load: "pending" } });
  readiness.becomeReady();
  expect(new Set(Object.values(readiness.report().steps))).toEqual(new Set(["passed"]));
  readiness.begin();
  readiness.fail("repository", "SERVER_ALIASES");
  expect(readiness.report()).toMatchObject({ state: "ready", reasons: [] });
});

test("tells what went wrong outside the steps by its code, and the first thing only", () => {
  const readiness = createReadiness();
  readiness.fail("repository", "SERVER_ALIASES");
  readiness.fail("repository", "SERVER_REPOSITORY");
  expect(readiness.report()).toMatchObject({
    state: "failed",
    reasons: ["repository: SERVER_ALIASES; the log has the rest"],
  });
});

test("lists the versions of every model where there are several", () => {
  const readiness = createReadiness();
  expect(readiness.report()).not.toHaveProperty("models");
  const models = { movies: [{ version: 3, state: "unavailable", code: "ARTIFACT_HASH" }] };
  readiness.describeModels(() => models);
  expect(readiness.report().models).toEqual(models);
});
