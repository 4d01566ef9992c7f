// The real proof behind the repository: thread, checker, session, golden rows.
import { createHash } from "node:crypto";
import { tinyPredictArtifact, tinyTasks } from "@attune/testkit";
import { expect, onTestFinished, test } from "vitest";
import { createLanes } from "../execution/lanes.ts";
import { createReadiness } from "../model/readiness.ts";
import { silentLogger } from "../observe/log.ts";
import { createMetrics } from "../observe/metrics.ts";
import { temporaryFolder } from "../testing/artifact-folder.ts";
import { tinyVersion, writeVersion } from "../testing/model-repository.ts";
import { createModels } from "./create-models.ts";
import type { ServedVersion } from "./models.ts";
import { openVersion } from "./open-version.ts";

function startProven(modelsDir: string, workers: number) {
  const metrics = createMetrics();
  const readiness = createReadiness();
  const lanes = createLanes({ maxQueueMs: 200, workers: 1, onShed() {}, onThreadDeath() {} });
  const models = createModels<ServedVersion>({
    modelsDir,
    defaultModel: "movies",
    readiness,
    logger: silentLogger,
    open: (dir, served, steps) => openVersion(dir, served, { lanes, metrics, readiness: steps, workers }),
    onSwap: (outcome) => metrics.observeSwap(outcome),
  });
  onTestFinished(async () => {
    await models.close();
    await lanes.close();
    metrics.close();
  });
  return { models, readiness };
}

const hashOf = (bytes: Uint8Array) => ({
  sha256: createHash("sha256").update(bytes).digest("hex"),
  bytes: bytes.length,
});

test.each([
  ["in the event loop", 0],
  ["in the pool", 1],
])(
  "versions %s answer by their folder's name, are swapped, and are refused when they are not the trainer's",
  async (_, workers) => {
    const dir = await temporaryFolder();
    await writeVersion(dir, "movies", 1);
    await writeVersion(dir, "prices", 1, tinyPredictArtifact(tinyTasks.regress));
    const { models, readiness } = startProven(dir, workers);
    await models.ready;
    expect(readiness.report().models).toEqual({
      movies: [{ version: 1, state: "ready" }],
      prices: [{ version: 1, state: "ready" }],
    });
    const lease = models.lease();
    expect(lease.version).toMatchObject({ name: "movies", version: 1, manifest: { name: "tiny" } });
    const request = { history: ["item-0"], k: 3 };
    const [before] = await lease.version.execution.run([request]);

    const golden = tinyVersion(3).files["golden.json"]!;
    const broken = tinyVersion(2, (manifest) => ({
      ...manifest,
      files: { ...manifest.files, "golden.json": hashOf(golden) },
    }));
    await writeVersion(dir, "movies", 2, { files: { ...broken.files, "golden.json": golden } });
    expect((await models.reload()).refused).toEqual([
      expect.stringContaining(
        "movies/2: VERIFY_MISMATCH: its answers to the golden rows are not the trainer's",
      ),
    ]);
    expect(models.current()?.version).toBe(1);

    await writeVersion(dir, "movies", 2);
    expect((await models.reload()).loaded).toEqual(["movies/2"]);
    expect(await lease.version.execution.run([request])).toEqual([before]);
    lease.release();
    expect(models.current()?.version).toBe(2);
    expect(await models.current()!.execution.run([request])).not.toEqual([before]);
    expect(readiness.state).toBe("ready");
  },
);
