import { isAttuneError, taskNames } from "@attune/contracts";
import { assertParity, measureParity } from "@attune/runtime";
import {
  contextualCatalogue,
  recommendTiny,
  tinyPredictArtifact,
  tinyPredictCases,
  tinyTasks,
} from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { artifactFolder, filesFolder } from "../fixtures/artifact-folder.ts";
import { openArtifact } from "./open-artifact.ts";

test("an artifact folder answers with the reference's lists", async () => {
  using folder = artifactFolder();
  const { personalizer } = await openArtifact(folder.dir);
  const answer = await personalizer.recommend({
    history: ["item-0", { item: "žánr-4", weight: 3 }, "nobody"],
    exclude: ["item-1"],
    k: 4,
  });
  await personalizer.close();

  const expected = recommendTiny(folder.artifact.catalogue, {
    ids: ["item-0", "žánr-4", "nobody"],
    weights: [1, 3, 1],
    exclude: ["item-1"],
    k: 4,
  });
  expect(answer).toMatchObject({ ids: expected.ids, source: "model", unknown: 1 });
  answer.scores.forEach((score, rank) => {
    expect(score).toBeCloseTo(expected.scores[rank]!, 6);
  });
});

test("the engine keeps the golden rows, alone and in batches", async () => {
  using folder = artifactFolder();
  const { session, golden, personalizer } = await openArtifact(folder.dir);
  const parity = await measureParity(session, golden);
  await personalizer.close();
  assertParity(parity);
  expect(parity).toMatchObject({ runtime: "onnxruntime-node", rows: golden.rows.length, sameAnswer: 1 });
});

test("two threads change nothing but the speed", async () => {
  using folder = artifactFolder();
  const { session, golden, personalizer } = await openArtifact(folder.dir, { threadCount: 2 });
  assertParity(await measureParity(session, golden));
  await personalizer.close();
});

test("a graph with times and columns keeps its golden rows, and answers a request that sends none", async () => {
  using folder = artifactFolder(undefined, contextualCatalogue());
  const { session, golden, personalizer } = await openArtifact(folder.dir);
  const parity = await measureParity(session, golden);
  const { ids } = await personalizer.recommend({ history: ["item-0"] });
  await personalizer.close();
  assertParity(parity);
  expect(parity.sameAnswer).toBe(1);
  expect(ids).toHaveLength(10);
});

describe.each(tinyPredictCases)("$task", ({ task, tiny, artifact }) => {
  test("the engine keeps the golden rows and answers as the reference does", async () => {
    using folder = filesFolder(artifact.files);
    const opened = await openArtifact(folder.dir, { task: taskNames });
    if (opened.task === "recommend") throw new Error(`opened as ${opened.task}`);
    const { predictor, session, golden } = opened;
    const parity = await measureParity(session, golden);
    const rows = Object.values(tiny.rows);
    const answers = await predictor.predictMany(rows.map((inputs) => ({ inputs })));
    await predictor.close();

    expect(opened.task).toBe(task);
    assertParity(parity);
    expect(parity).toMatchObject({ rows: golden.rows.length, sameAnswer: 1 });
    expect(answers.map((answer) => Object.keys(answer))).toEqual(
      rows.map((row) => Object.keys(tiny.predict(row))),
    );
  });

  test("is refused by one who asks for another task", async () => {
    using folder = filesFolder(artifact.files);
    const error = await openArtifact(folder.dir).catch((caught: unknown) => caught);
    if (!isAttuneError(error, "RUNTIME_TASK")) throw error;
    expect(error.details).toMatchObject({ task, expected: ["recommend"] });
  });
});

test("asked for by name, the answer is typed by it", async () => {
  using folder = filesFolder(tinyPredictArtifact(tinyTasks.classify).files);
  const { predictor } = await openArtifact(folder.dir, { task: "classify" });
  const { label, probabilities } = await predictor.predict({ inputs: { age: 80 } });
  await predictor.close();
  expect(label).toBe("10");
  expect(probabilities["10"]).toBeGreaterThan(0.99);
});

test("a manifest of another model is refused", async () => {
  using folder = artifactFolder((manifest) => ({
    ...manifest,
    signature: { ...manifest.signature, outputs: manifest.signature.outputs.slice(0, 3) },
  }));
  const error = await openArtifact(folder.dir).catch((caught: unknown) => caught);
  expect(isAttuneError(error, "RUNTIME_SIGNATURE")).toBe(true);
});
