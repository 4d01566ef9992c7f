import { isAttuneError } from "@attune/contracts";
import { assertParity, measureParity } from "@attune/runtime";
import { recommendTiny } from "@attune/testkit";
import { expect, test } from "vitest";
import { artifactFolder } from "../fixtures/artifact-folder.ts";
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
  expect(parity).toMatchObject({ runtime: "onnxruntime-node", rows: golden.rows.length, sameTopK: 1 });
});

test("two threads change nothing but the speed", async () => {
  using folder = artifactFolder();
  const { session, golden, personalizer } = await openArtifact(folder.dir, { threadCount: 2 });
  assertParity(await measureParity(session, golden));
  await personalizer.close();
});

test("a manifest of another model is refused", async () => {
  using folder = artifactFolder((manifest) => ({
    ...manifest,
    signature: { ...manifest.signature, outputs: manifest.signature.outputs.slice(0, 3) },
  }));
  const error = await openArtifact(folder.dir).catch((caught: unknown) => caught);
  expect(isAttuneError(error, "RUNTIME_SIGNATURE")).toBe(true);
});
