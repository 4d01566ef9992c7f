// Yesterday's artifacts, kept as they were written: today's code still opens them and gives yesterday's answers.
import { readdirSync } from "node:fs";
import path from "node:path";
import { recommendSignatureVersion } from "@attune/contracts/manifest";
import { assertModel, readModel } from "@attune/onnx";
import { measureParity } from "@attune/runtime";
import { createNodeSession, readArtifact } from "@attune/runtime-node";
import { expect, test } from "vitest";

const folder = path.resolve(import.meta.dirname, "../../fixtures/golden");
const names = readdirSync(folder).filter((name) => name.startsWith("recommend-signature-"));

test("every signature version has its artifact", () => {
  const versions = Array.from(
    { length: recommendSignatureVersion },
    (_, index) => `recommend-signature-${index + 1}`,
  );
  expect(names.sort(), "run `pnpm golden:write`").toEqual(versions);
});

test.each(names)("%s still answers as it did", async (name) => {
  const { model, golden } = await readArtifact(path.join(folder, name));
  assertModel(readModel(model), name);
  const session = await createNodeSession(model);
  try {
    const { maxAbs, sameTopK, rows } = await measureParity(session, golden);
    expect(rows).toBeGreaterThan(20);
    expect(maxAbs).toBeLessThanOrEqual(1e-5);
    expect(sameTopK).toBe(1);
  } finally {
    await session.close();
  }
});
