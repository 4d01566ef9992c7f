import { isAttuneError, type Session, type ValueInfo } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { createFakeSession, tinyCatalogue, tinyFakeModel, tinyManifest } from "@attune/testkit";
import { expect, test } from "vitest";
import { assertSignature } from "./signature.ts";

const catalogue = tinyCatalogue();
const manifest = tinyManifest(catalogue);
const session = createFakeSession(tinyFakeModel(catalogue));

function issuesOf(changedSession: Partial<Session>, changedManifest: Partial<ArtifactManifest> = {}) {
  try {
    assertSignature({ ...session, ...changedSession }, { ...manifest, ...changedManifest });
    return [];
  } catch (error) {
    if (isAttuneError(error, "RUNTIME_SIGNATURE")) return error.details.issues;
    throw error;
  }
}

const replaced = (values: readonly ValueInfo[], name: string, change: Partial<ValueInfo>) =>
  values.map((value) => (value.name === name ? { ...value, ...change } : value));

test("a model and its manifest belong together, whatever the symbolic dims are called", () => {
  expect(issuesOf({})).toEqual([]);
  expect(issuesOf({ inputs: replaced(session.inputs, "history", { dims: ["N", undefined] }) })).toEqual([]);
});

test("every difference is listed", () => {
  const inputs = [
    ...replaced(session.inputs, "history", { dtype: "int64" }).filter(({ name }) => name !== "exclude"),
    { name: "age", dtype: "float32", dims: ["batch", 1] } as const,
  ];
  const outputs = replaced(session.outputs, "scores", { dims: ["batch", 10] });
  expect(issuesOf({ inputs, outputs })).toEqual([
    "input history: the manifest says string [batch, length], the model int64 [batch, length]",
    "input exclude: the manifest names it, the model lacks it",
    "input age: the model has it, the manifest does not",
    "output scores: the manifest says float32 [batch, k], the model float32 [batch, 10]",
  ]);
});

test("a manifest that the personalizer could not feed or read is refused", () => {
  const { inputs, outputs } = manifest.signature;
  const signature = {
    version: 2,
    inputs: [
      ...inputs.filter(({ name }) => name !== "k"),
      { name: "age", dtype: "float32" as const, dims: [1] },
    ],
    outputs: outputs.map((value) =>
      value.name === "unknown" ? { ...value, dtype: "int32" as const } : value,
    ),
  };
  const issues = issuesOf({}, { signature });
  expect(issues.join("\n")).toMatch(/^signature\.version: 2, this package serves up to 1/);
  expect(issues).toContain("input k: the manifest lacks it; recommend needs it as int64");
  expect(issues).toContain("input age: recommend has no such input");
  expect(issues).toContain("output unknown: the manifest says int32, recommend needs int64");
});
