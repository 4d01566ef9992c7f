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
