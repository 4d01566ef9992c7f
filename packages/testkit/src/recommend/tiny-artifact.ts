/** A whole artifact of the tiny recommender: files by name, as a folder or a server would hold them. */
import { createHash } from "node:crypto";
import type { ItemDetails } from "@attune/contracts";
import type { ArtifactManifest, GoldenFile, GoldenRow } from "@attune/contracts/manifest";
import { encodeTinyModel } from "./tiny-graph.ts";
import {
  recommendInputs,
  recommendOutputs,
  recommendTiny,
  type TinyCatalogue,
  tinyCatalogue,
} from "./tiny-reference.ts";

export interface TinyArtifact {
  readonly catalogue: TinyCatalogue;
  readonly manifest: ArtifactManifest;
  readonly golden: GoldenFile;
  /** File name → bytes, `manifest.json` included. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Golden rows of the shapes that break runtimes. Expected answers come from plain TypeScript. */
export function tinyGolden(catalogue: TinyCatalogue): GoldenFile {
  const [a, b, c, d] = catalogue.ids as [string, string, string, string];
  const rows: readonly Omit<GoldenRow, "expected">[] = [
    { name: "user", history: [a, c], weights: [1, 0.5], exclude: [], k: 5 },
    { name: "empty", history: [], weights: [], exclude: [], k: 3 },
    { name: "unknown-ids", history: ["nobody", "日本語", b], weights: [1, 1, 2], exclude: [], k: 4 },
    { name: "only-unknown", history: ["nobody"], weights: [1], exclude: [a], k: 4 },
    { name: "duplicates", history: [d, d, d], weights: [0.25, 2, 1], exclude: [], k: 4 },
    { name: "exclude", history: [b], weights: [1], exclude: [a, c, "nobody", a], k: 100 },
    {
      name: "everything-seen",
      history: [...catalogue.ids],
      weights: catalogue.ids.map(() => 1),
      exclude: [],
      k: 2,
    },
  ];
  return {
    schemaVersion: 1,
    reference: "plain TypeScript",
    rows: rows.map((row) => {
      const { ids, scores, source, unknown } = recommendTiny(catalogue, { ...row, ids: row.history });
      return { ...row, expected: { items: [...ids], scores: [...scores], source, unknown } };
    }),
  };
}

/** The artifact in memory. `change` edits the manifest before it is written, to make broken ones. */
export function tinyArtifact(
  change: (manifest: ArtifactManifest) => ArtifactManifest = (same) => same,
): TinyArtifact {
  const catalogue = tinyCatalogue();
  const golden = tinyGolden(catalogue);
  const items: ItemDetails[] = catalogue.ids.map((id) => ({ id, title: `Title of ${id}` }));
  const content: Record<string, Uint8Array> = {
    "model.onnx": encodeTinyModel(catalogue),
    "golden.json": encodeJson(golden),
    "items.json": encodeJson(items),
  };
  const manifest = change(tinyManifest(catalogue, content));
  return { catalogue, manifest, golden, files: { ...content, "manifest.json": encodeJson(manifest) } };
}

/** The manifest of the tiny recommender; `content` holds the files it lists. */
export function tinyManifest(
  catalogue: TinyCatalogue,
  content: Readonly<Record<string, Uint8Array>> = {},
): ArtifactManifest {
  const describe = (values: typeof recommendInputs) =>
    values.map(({ name, dtype, dims }) => ({ name, dtype, dims: dims.map((dim) => dim ?? "") }));
  return {
    schemaVersion: 1,
    name: "tiny",
    version: 1,
    task: "recommend",
    signature: { version: 1, inputs: describe(recommendInputs), outputs: describe(recommendOutputs) },
    model: { kind: "tiny", description: "One matrix.", hyperparameters: {}, seed: 7 },
    catalogue: { items: catalogue.ids.length },
    limits: { maxK: 100, maxHistory: 50, maxExclude: 20 },
    files: Object.fromEntries(
      Object.entries(content).map(([name, bytes]) => [
        name,
        { sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length },
      ]),
    ),
    data: {
      key: "tiny",
      sourceSha256: "0".repeat(64),
      events: 0,
      users: 0,
      items: catalogue.ids.length,
      split: {},
    },
    leaderboard: [],
    opset: { "": 19, "ai.onnx.ml": 4 },
    ops: [],
    tools: {},
    config: {},
  };
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
