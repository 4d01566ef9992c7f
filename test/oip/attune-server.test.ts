// The server of this repository passes the kit as a stranger's would: over HTTP, from its addresses.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Report, runConformance } from "@attune/oip-conformance";
import { createServer } from "@attune/server";
import { tinyArtifact, tinyPredictArtifact, tinyTasks } from "@attune/testkit";
import { expect, test } from "vitest";

const artifacts: readonly (readonly [task: string, files: Readonly<Record<string, Uint8Array>>])[] = [
  ["recommend", tinyArtifact().files],
  ["classify", tinyPredictArtifact(tinyTasks.classify).files],
  ["regress", tinyPredictArtifact(tinyTasks.regress).files],
  ["hierarchical", tinyPredictArtifact(tinyTasks.hierarchical).files],
];

async function hold(files: Readonly<Record<string, Uint8Array>>): Promise<Report> {
  const artifactDir = mkdtempSync(path.join(os.tmpdir(), "attune-oip-"));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(artifactDir, name), bytes);
    const server = await createServer({ artifactDir, port: 0 });
    try {
      await server.ready;
      return await runConformance(server.url, { ...(server.adminUrl && { adminUrl: server.adminUrl }) });
    } finally {
      await server.close();
    }
  } finally {
    rmSync(artifactDir, { recursive: true });
  }
}

test.each(artifacts)("a model of the task %s passes all of it", async (_, files) => {
  const { results, models, conforms } = await hold(files);
  const unhappy = results.filter(({ outcome }) => outcome !== "passed" && outcome !== "skipped");
  expect(unhappy.map(({ id, problems, exchanges }) => ({ id, problems, exchanges }))).toEqual([]);
  expect(conforms).toBe(true);
  expect(models.map(({ request }) => request)).toEqual(["generated"]);
});
