// Yesterday's artifacts, kept as they were written: today's code still opens them and gives yesterday's answers.
import { readdirSync } from "node:fs";
import path from "node:path";
import { signatureVersions } from "@attune/contracts/manifest";
import { assertModel, readModel } from "@attune/onnx";
import { measureParity } from "@attune/runtime";
import { createNodeSession, readArtifact } from "@attune/runtime-node";
import { expect, test } from "vitest";
import { firstKept, goldenName } from "./signatures.ts";

const folder = path.resolve(import.meta.dirname, "../../fixtures/golden");
const names = readdirSync(folder).sort();

test("every signature version that is kept has its artifact", () => {
  const wanted = firstKept.flatMap(({ task, version }) =>
    Array.from({ length: signatureVersions[task] - version + 1 }, (_, at) => goldenName(task, version + at)),
  );
  expect(names, "run `pnpm golden:write`").toEqual(wanted.sort());
});

test.each(names)("%s still answers as it did", async (name) => {
  const { model, golden } = await readArtifact(path.join(folder, name));
  assertModel(readModel(model), name);
  const session = await createNodeSession(model);
  try {
    const { maxAbs, sameAnswer, rows } = await measureParity(session, golden);
    expect(rows).toBeGreaterThan(20);
    expect(maxAbs).toBeLessThanOrEqual(1e-5);
    expect(sameAnswer).toBe(1);
  } finally {
    await session.close();
  }
});
