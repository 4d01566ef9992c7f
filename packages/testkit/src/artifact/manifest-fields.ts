/** The fields that the manifests of all tiny artifacts share. */
import { createHash } from "node:crypto";
import type { TaskName, ValueInfo } from "@attune/contracts";
import { type ArtifactManifest, signatureVersions } from "@attune/contracts/manifest";

export interface TinySignature {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** @param content - the files the manifest lists. */
export function manifestFields(
  task: TaskName,
  { inputs, outputs }: TinySignature,
  content: Readonly<Record<string, Uint8Array>>,
): Omit<ArtifactManifest<"regress">, "task" | "data" | "inputs"> {
  const describe = (values: readonly ValueInfo[]) =>
    values.map(({ name, dtype, dims }) => ({ name, dtype, dims: dims.map((dim) => dim ?? "") }));
  return {
    schemaVersion: 2,
    name: "tiny",
    version: 1,
    signature: {
      version: signatureVersions[task],
      inputs: describe(inputs),
      outputs: describe(outputs),
    },
    model: { kind: "tiny", description: "Small enough to check by hand.", hyperparameters: {}, seed: 7 },
    files: Object.fromEntries(
      Object.entries(content).map(([name, bytes]) => [
        name,
        { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length },
      ]),
    ),
    leaderboard: [],
    opset: { "": 19, "ai.onnx.ml": 4 },
    ops: [],
    tools: {},
    config: {},
  };
}

/** Where a tiny model comes from: nowhere. */
export function dataFields<C>(counts: C) {
  return { key: "tiny", sourceSha256: "0".repeat(64), split: {}, measured: counts, released: counts };
}

export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
