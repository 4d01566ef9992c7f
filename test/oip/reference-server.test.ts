// A server that does all of it right passes every case, and leaves none unasked.
import { cases, type Result, runConformance } from "@attune/oip-conformance";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startReferenceServer } from "./reference-server.ts";

let server: Awaited<ReturnType<typeof startReferenceServer>>;
beforeAll(async () => {
  server = await startReferenceServer();
});
afterAll(() => server.close());

const told = (results: readonly Result[]) =>
  results.map(({ id, model, problems, skippedBecause }) => ({ id, model, problems, skippedBecause }));

test("all cases pass, each of them asked of one model at least", async () => {
  const report = await runConformance(server.url, { adminUrl: server.url });
  expect(told(report.results.filter(({ outcome }) => outcome !== "passed" && outcome !== "skipped"))).toEqual(
    [],
  );
  const passed = new Set(report.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id));
  expect(cases.map(({ id }) => id).filter((id) => !passed.has(id))).toEqual([]);
  expect(report).toMatchObject({ conforms: true, server: { name: "reference" } });
  expect(report.models).toEqual([
    { name: "identity", request: "generated" },
    { name: "single", request: "generated" },
  ]);
});
