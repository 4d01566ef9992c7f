// Training in a browser tab: models are traced, differentiated and trained inside Chromium on onnxruntime-web, and follow
// the same training in this process on onnxruntime-node.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createNodeSession } from "@attune/runtime-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withChromiumPage } from "../../packages/cli/src/chromium/launch.ts";
import { type StaticServer, serveFolders } from "../../packages/cli/src/chromium/static-server.ts";
import { trainingModels } from "../../packages/compile/src/fixtures/models.ts";
import { buildPage } from "./build-page.ts";
import type { TrainingPage } from "./training-page/page.ts";
import { type TabTraining, trainOn } from "./training-page/train-model.ts";

/** What the page defines, as seen inside `page.evaluate`. */
declare const trainingPage: TrainingPage;

const stepCount = 20;
/** float32 sums in another order, through twenty steps of Adam. Measured: at most 3e-7. */
const digits = 5;

let dir = "";
let server: StaticServer | undefined;
const inTab = new Map<string, TabTraining>();

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-training-"));
  await buildPage(dir, "training-page");
  server = await serveFolders({ folders: { "/": dir } });
  await withChromiumPage(server.url, async (page) => {
    for (const { name } of trainingModels) {
      const asked = { name, stepCount };
      inTab.set(
        name,
        await page.evaluate((given) => trainingPage.trainModel(given.name, given.stepCount), asked),
      );
    }
  });
}, 300_000);

afterAll(async () => {
  await server?.close();
  rmSync(dir, { recursive: true, force: true });
});

describe("a tab trains as Node does", () => {
  test.each(trainingModels.map(({ name }) => name))("%s", async (name) => {
    const tab = inTab.get(name)!;
    const node = await trainOn(createNodeSession, name, stepCount);
    expect(tab.backend).toBe("onnxruntime");
    expect(tab.losses).toHaveLength(stepCount);
    for (const [step, loss] of node.losses.entries()) expect(tab.losses[step]).toBeCloseTo(loss, digits);
    expect(tab.prediction).toHaveLength(node.prediction.length);
    for (const [at, value] of node.prediction.entries())
      expect(tab.prediction[at]).toBeCloseTo(value, digits);
  });
});
