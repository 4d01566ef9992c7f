/** Reads the text of a model.json: which format it is, its topology and its weights manifest. Knows no tfjs. */
import type { io } from "@tensorflow/tfjs-core";
import { isRecord } from "../record.ts";
import { checkWeightEntry, isWeightEntry } from "./weight-entry.ts";

/** `layers`: Keras layers, for `tf.loadLayersModel`. `graph`: TensorFlow's GraphDef, for `tf.loadGraphModel`. */
export type TfjsModelKind = "layers" | "graph";

/** Files whose bytes, one after the other, hold the weights in their order. */
export interface WeightGroup {
  readonly paths: readonly string[];
  /** `undefined` when one of them is malformed: then nothing can be said of what the files hold. */
  readonly entries: readonly io.WeightsManifestEntry[] | undefined;
}

/** What a model.json says. Parts that are missing or malformed are left out, and told as issues. */
export interface ModelJson {
  readonly kind?: TfjsModelKind;
  readonly topology?: Readonly<Record<string, unknown>>;
  readonly groups: readonly WeightGroup[];
  /** The whole file. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Formats by the name that tfjs and its converter write. */
const kindOfFormat: Readonly<Record<string, TfjsModelKind>> = {
  "layers-model": "layers",
  "graph-model": "graph",
};

/** @param issues - receives a line for each problem. */
export function parseModelJson(text: string, issues: string[]): ModelJson {
  const nothing: ModelJson = { groups: [], fields: {} };
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (cause) {
    // A binary file taken for model.json shows in the parser's words.
    const reason = String(cause instanceof Error ? cause.message : cause).replaceAll(/[^ -~]+/g, "?");
    issues.push(`it is not JSON (${reason}); pass the model.json that tfjs or tensorflowjs_converter wrote`);
    return nothing;
  }
  if (!isRecord(fields)) {
    issues.push("it holds no JSON object; pass model.json, not weights_manifest.json or a weight file");
    return nothing;
  }
  const groups = parseManifest(fields.weightsManifest, issues);
  const topology = fields.modelTopology;
  if (!isRecord(topology)) {
    issues.push('"modelTopology" is missing: the file does not say how the model computes');
    return { groups, fields };
  }
  const kind = kindOf(fields.format, topology, issues);
  return { ...(kind === undefined ? {} : { kind }), topology, groups, fields };
}

function kindOf(
  format: unknown,
  topology: Readonly<Record<string, unknown>>,
  issues: string[],
): TfjsModelKind | undefined {
  const known = Object.keys(kindOfFormat).join(", ");
  const seen = Array.isArray(topology.node)
    ? "graph"
    : "model_config" in topology || "class_name" in topology
      ? "layers"
      : undefined;
  // Files older than tfjs 1.0 carry no format.
  if (format === undefined || format === null) {
    if (seen === undefined)
      issues.push(
        `it names no "format" (${known}), and "modelTopology" has neither Keras layers ("model_config") nor a GraphDef ("node")`,
      );
    return seen;
  }
  const kind = typeof format === "string" ? kindOfFormat[format] : undefined;
  if (kind === undefined) issues.push(`"format" is ${JSON.stringify(format)}; supported: ${known}`);
  else if (kind !== seen)
    issues.push(
      `"format" is "${format}", but "modelTopology" has no ${kind === "graph" ? 'list of nodes ("node")' : 'Keras layers ("model_config")'}`,
    );
  return kind === seen ? kind : undefined;
}

function parseManifest(manifest: unknown, issues: string[]): readonly WeightGroup[] {
  if (manifest === undefined || manifest === null) {
    issues.push('"weightsManifest" is missing: the file has no weights. Save the model with them');
    return [];
  }
  if (!Array.isArray(manifest)) {
    issues.push('"weightsManifest" is no list of weight groups');
    return [];
  }
  const names = new Set<string>();
  return manifest.flatMap((group: unknown, at) => {
    if (!isRecord(group) || !isTextList(group.paths) || !Array.isArray(group.weights)) {
      issues.push(`weightsManifest[${at}] is no group of "paths" (file names) and "weights"`);
      return [];
    }
    const problems = group.weights.flatMap((entry) => checkWeightEntry(entry, names));
    issues.push(...problems);
    return [
      { paths: group.paths, entries: problems.length > 0 ? undefined : group.weights.filter(isWeightEntry) },
    ];
  });
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
