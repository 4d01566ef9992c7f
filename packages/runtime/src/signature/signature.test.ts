import { isAttuneError, type Session, type ValueInfo } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import {
  contextualCatalogue,
  createFakeSession,
  tinyCatalogue,
  tinyFakeModel,
  tinyManifest,
  tinyPredictCases,
  tinyPredictFake,
  tinyPredictManifest,
  tinyTasks,
} from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { assertSignature } from "./signature.ts";

const catalogue = tinyCatalogue();
const manifest = tinyManifest(catalogue);
const session = createFakeSession(tinyFakeModel(catalogue));

function issuesOf(
  changedSession: Partial<Session>,
  changedManifest: Partial<ArtifactManifest<"recommend">> = {},
) {
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
    version: 3,
    inputs: [
      ...inputs.filter(({ name }) => name !== "k"),
      { name: "age", dtype: "float32" as const, dims: [1] },
    ],
    outputs: outputs.map((value) =>
      value.name === "unknown" ? { ...value, dtype: "int32" as const } : value,
    ),
  };
  const issues = issuesOf({}, { signature });
  expect(issues.join("\n")).toMatch(/^signature\.version: 3, this package serves 2 of recommend; upgrade/);
  expect(issues).toContain("input k: the manifest lacks it; recommend needs it as int64");
  expect(issues).toContain("input age: recommend has no such input, and inputs no such column");
  expect(issues).toContain("output unknown: the manifest says int32, recommend needs int64");
});

test("a graph of the former version is refused, and said to need another export", () => {
  const issues = issuesOf({}, { signature: { ...manifest.signature, version: 1 } });
  expect(issues).toEqual([
    "signature.version: 1, this package serves 2 of recommend; export the model again",
  ]);
});

test("times and columns are inputs where the graph declares them", () => {
  const contextual = contextualCatalogue();
  const session = createFakeSession(tinyFakeModel(contextual));
  const manifest = tinyManifest(contextual);
  expect(() => assertSignature(session, manifest)).not.toThrow();
  const columns = [...manifest.inputs.slice(1), { name: "exclude", kind: "number" as const }];
  const issues = issuesOf({ inputs: session.inputs }, { signature: manifest.signature, inputs: columns });
  expect(issues).toEqual([
    "inputs: the column exclude has the name of an input of recommend",
    "input age: recommend has no such input, and inputs no such column",
  ]);
});

describe.each(tinyPredictCases)("$task", ({ task, model, artifact: { manifest: rowManifest } }) => {
  const rowSession = createFakeSession(model);

  test("its own graph is accepted, a graph of another task is not", () => {
    expect(() => assertSignature(rowSession, rowManifest)).not.toThrow();
    expect(() => assertSignature(session, rowManifest)).toThrow(/the model and its manifest/);
  });

  test("an output that is missing is named", () => {
    const [first, ...outputs] = rowManifest.signature.outputs;
    const changed = { ...rowManifest, signature: { ...rowManifest.signature, outputs } };
    expect(() => assertSignature(rowSession, changed)).toThrow(
      `output ${first!.name}: the manifest lacks it; ${task} needs it as ${first!.dtype}`,
    );
  });
});

test("one bound without the other, and other classes than the graph's, are refused", () => {
  const { regress, classify } = tinyTasks;
  const regression = tinyPredictManifest(regress);
  const outputs = regression.signature.outputs.filter(({ name }) => name !== "upper");
  const oneBound = { ...regression, signature: { ...regression.signature, outputs } };
  expect(() => assertSignature(createFakeSession(tinyPredictFake(regress)), oneBound)).toThrow(
    "output upper: the manifest lacks it; regress needs it as float32",
  );
  const twoClasses = { ...tinyPredictManifest(classify), classes: ["a", "b"] };
  expect(() => assertSignature(createFakeSession(tinyPredictFake(classify)), twoClasses)).toThrow(
    "output probabilities: 3 classes, the manifest names 2",
  );
});
