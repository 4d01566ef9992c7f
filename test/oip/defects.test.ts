// Each defect is found by the cases that are there for it and by no other, and no case passes whatever a server does.
import { cases, type Report, runConformance } from "@attune/oip-conformance";
import { expect, test } from "vitest";
import { defects } from "./defects/index.ts";
import { type Defect, json, startReferenceServer } from "./reference-server.ts";

async function run(defect: Defect, model = "identity"): Promise<Report> {
  const server = await startReferenceServer(defect);
  try {
    return await runConformance(server.url, { adminUrl: server.url, models: [model] });
  } finally {
    await server.close();
  }
}

const unhappy = ({ results }: Report) =>
  results.filter(({ outcome }) => outcome !== "passed" && outcome !== "skipped").map(({ id }) => id);

test.each(defects)("$name", async ({ defect, model, found }) => {
  const report = await run(defect, model);
  expect(unhappy(report)).toEqual(found);
  expect(report.conforms).toBe(report.results.every(({ outcome }) => outcome !== "failed"));
});

/** Answers everything as if it were fine. */
const yes: Defect = (next) => (request) => {
  const sent = next(request);
  if (sent === "hang up" || sent.status < 400) return sent;
  return json(200, { model_name: "identity", outputs: [] });
};

/** Answers nothing but what the kit asks first: metadata, and the request that it makes from it. */
const no: Defect = (next) => {
  let inferences = 0;
  return (request) => {
    const isFirst = request.path.endsWith("/infer") && inferences++ < 2;
    const isMetadata = /^\/v2(\/models\/\w+)?$/.test(request.path) && inferences === 0;
    return isFirst || isMetadata ? next(request) : json(418, { error: "no" });
  };
};

test("every case has a server that it finds fault with", async () => {
  const reports = await Promise.all([run(yes), run(no), run(no, "single")]);
  const found = new Set([...reports.flatMap(unhappy), ...defects.flatMap((one) => one.found)]);
  expect(cases.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
});
