/** A whole artifact of the tiny recommender: files by name, as a folder or a server would hold them. */
import type { ItemDetails } from "@attune/contracts";
import type { ArtifactManifest, GoldenFile, GoldenRow } from "@attune/contracts/manifest";
import { dataFields, encodeJson, manifestFields } from "../artifact/manifest-fields.ts";
import { type ArtifactFiles, artifactFilesOf, type ChangeManifest } from "../artifact/tiny-files.ts";
import { tinyColumns } from "../columns/tiny-columns.ts";
import { recommendInputs, recommendOutputs, secondsPerDay } from "./signature.ts";
import { encodeTinyModel } from "./tiny-graph.ts";
import { recommendTiny, type TinyCatalogue, tinyCatalogue } from "./tiny-reference.ts";

export interface TinyArtifact extends ArtifactFiles<"recommend"> {
  readonly catalogue: TinyCatalogue;
}

type Asked = Omit<GoldenRow<"recommend">, "expected">;

/** Golden rows of the shapes that break runtimes. Expected answers come from plain TypeScript. */
export function tinyGolden(catalogue: TinyCatalogue): GoldenFile<"recommend"> {
  const [a, b, c, d] = catalogue.ids as [string, string, string, string];
  const ask = (name: string, history: readonly string[], rest: Partial<Asked> = {}): Asked => ({
    name,
    history: [...history],
    weights: history.map(() => 1),
    exclude: [],
    allow: [],
    k: 4,
    ...rest,
  });
  const rows: readonly Asked[] = [
    ask("user", [a, c], { weights: [1, 0.5], k: 5 }),
    ask("empty", [], { k: 3 }),
    ask("unknown-ids", ["nobody", "日本語", b], { weights: [1, 1, 2] }),
    ask("only-unknown", ["nobody"], { exclude: [a] }),
    ask("duplicates", [d, d, d], { weights: [0.25, 2, 1] }),
    ask("exclude", [b], { exclude: [a, c, "nobody", a], k: 100 }),
    ask("allow", [b], { allow: [a, c, "nobody", a, b], k: 100 }),
    ask("allow-unknown", [b], { allow: ["nobody"] }),
    ask("allow-and-exclude", [], { allow: [a, c, d], exclude: [c] }),
    ask("everything-seen", catalogue.ids, { k: 2 }),
    ...(catalogue.contextWeights === undefined ? [] : contextualRows(ask, catalogue)),
  ];
  return {
    schemaVersion: 2,
    task: "recommend",
    reference: "plain TypeScript",
    rows: rows.map((row) => {
      const { ids, scores, source, unknown } = recommendTiny(catalogue, { ...row, ids: row.history });
      return { ...row, expected: { items: [...ids], scores: [...scores], source, unknown } };
    }),
  };
}

function contextualRows(
  ask: (name: string, history: readonly string[], rest?: Partial<Asked>) => Asked,
  { ids }: TinyCatalogue,
): readonly Asked[] {
  const [a, b, c] = ids as [string, string, string];
  const now = 1_700_000_000;
  return [
    ask("times", [a, b, c], { times: [now - 40 * secondsPerDay, now - 0.5 * secondsPerDay, now] }),
    ask("same-times", [a, b], { times: [now, now] }),
    ask("features", [a], { features: { age: 41, country: "日本", tags: ["sale", "new"], note: "gift" } }),
    ask("features-missing", [a], { features: { age: null, tags: [] } }),
    ask("features-unknown", [a], { features: { age: -3.3, country: "xx", tags: ["?", "new"], note: "?" } }),
  ];
}

/** The artifact in memory. */
export function tinyArtifact(
  change: ChangeManifest<"recommend"> = (same) => same,
  catalogue: TinyCatalogue = tinyCatalogue(),
): TinyArtifact {
  const items: ItemDetails[] = catalogue.ids.map((id) => ({ id, title: `Title of ${id}` }));
  return {
    catalogue,
    ...artifactFilesOf(
      encodeTinyModel(catalogue),
      tinyGolden(catalogue),
      (content) => change(tinyManifest(catalogue, content)),
      { "items.json": encodeJson(items) },
    ),
  };
}

/** The manifest of the tiny recommender; `content` holds the files it lists. */
export function tinyManifest(
  catalogue: TinyCatalogue,
  content: Readonly<Record<string, Uint8Array>> = {},
): ArtifactManifest<"recommend"> {
  const contextual = catalogue.contextWeights !== undefined;
  const signature = { inputs: recommendInputs(contextual), outputs: recommendOutputs };
  return {
    ...manifestFields("recommend", signature, content),
    task: "recommend",
    data: dataFields({ events: 0, users: 0, items: catalogue.ids.length }),
    catalogue: { items: catalogue.ids.length },
    limits: { maxK: 100, maxHistory: 50, maxExclude: 20, maxAllow: 20 },
    repeats: "drop",
    inputs: contextual ? [...tinyColumns] : [],
  };
}
