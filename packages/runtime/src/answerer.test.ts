import { isAttuneError, taskNames } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import {
  createFakeSession,
  tinyCatalogue,
  tinyFakeModel,
  tinyManifest,
  tinyPredictFake,
  tinyPredictManifest,
  tinyTasks,
} from "@attune/testkit";
import { expect, test } from "vitest";
import { assertTask, createAnswerer } from "./answerer.ts";

test("a history is answered by a personalizer, a row of columns by a predictor", async () => {
  const catalogue = tinyCatalogue();
  const recommend: ArtifactManifest = tinyManifest(catalogue);
  const ranking = createAnswerer(createFakeSession(tinyFakeModel(catalogue)), recommend);
  if (ranking.task !== "recommend") throw new Error(ranking.task);
  expect((await ranking.personalizer.recommend({ history: [], k: 3 })).ids).toEqual(
    catalogue.ids.slice(0, 3),
  );

  const tiny = tinyTasks.hierarchical;
  const answerer = createAnswerer(createFakeSession(tinyPredictFake(tiny)), tinyPredictManifest(tiny));
  // Typed by the manifest's task: no narrowing is needed.
  expect((await answerer.predictor.predict({ inputs: { shop: "1" } })).level).toBe("shop");
});

test("a task that was not asked for is refused, and what to ask for is said", () => {
  const manifest: ArtifactManifest = tinyPredictManifest(tinyTasks.classify);
  expect(() => assertTask(manifest, taskNames, "x")).not.toThrow();
  expect(() => assertTask(manifest, "classify", "x")).not.toThrow();
  try {
    assertTask(manifest, ["recommend", "regress"], "artifacts/churn/1");
    expect.unreachable();
  } catch (error) {
    if (!isAttuneError(error, "RUNTIME_TASK")) throw error;
    expect(error.message).toBe(
      'artifacts/churn/1 holds a model of the task "classify", expected recommend or regress; open it with { task: "classify" }',
    );
  }
});
