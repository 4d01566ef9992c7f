/** A user's tfjs model from the disk: model.json and its weight files, whole and checked. Loads no tfjs. */
import path from "node:path";
import { AttuneError } from "@attune/contracts";
import { readBytes } from "@attune/store";
import type { io } from "@tensorflow/tfjs-core";
import { checkGraph, readGraphNodes } from "../graph-model/graph-topology.ts";
import { isRecord } from "../record.ts";
import { type ModelJson, parseModelJson, type TfjsModelKind } from "./model-json.ts";
import { readWeightGroup } from "./weight-files.ts";

/** What tfjs loads a model from, without training state. */
export interface TfjsModelFile {
  /** The model.json. */
  readonly path: string;
  readonly kind: TfjsModelKind;
  readonly topology: Readonly<Record<string, unknown>>;
  readonly weights: readonly io.WeightsManifestEntry[];
  readonly artifacts: io.ModelArtifacts;
}

/** The file as far as it could be read. `file` is there when `issues` is empty. */
export interface TfjsModelFindings {
  readonly issues: readonly string[];
  readonly json: ModelJson;
  readonly file?: TfjsModelFile;
}

/**
 * Reads model.json and the weight files it names, which must lie in its folder or below. Formats are `layers-model` and
 * `graph-model`; files from before tfjs 1.0, which name none, are told by their topology. Quantized weights (uint8, uint16,
 * float16) stay as they are stored.
 *
 * @throws {AttuneError} `EXPORT_TFJS_MODEL` with every problem of the file and its weights; `FILE_READ` when there is no
 * such file.
 */
export async function readTfjsModel(modelPath: string): Promise<TfjsModelFile> {
  const { issues, file } = await examineTfjsModel(modelPath);
  if (file === undefined) throw new AttuneError("EXPORT_TFJS_MODEL", { path: modelPath, issues });
  return file;
}

/** As `readTfjsModel`, for a caller that has more to say about a broken file. @throws {AttuneError} `FILE_READ` */
export async function examineTfjsModel(modelPath: string): Promise<TfjsModelFindings> {
  const issues: string[] = [];
  const json = parseModelJson(Buffer.from(await readBytes(modelPath)).toString("utf8"), issues);
  const { kind, topology, groups, fields } = json;
  const infinities = kind === "graph" ? "allowed" : "refused";
  const weightData: ArrayBuffer[] = [];
  for (const group of groups) {
    const bytes = await readWeightGroup(path.dirname(modelPath), group, infinities, issues);
    if (bytes !== undefined) weightData.push(bytes);
  }
  const weights = groups.flatMap((group) => group.entries ?? []);
  if (kind === "graph" && topology !== undefined) {
    const names = new Set(weights.map(({ name }) => name));
    const known =
      Array.isArray(fields.weightsManifest) && groups.every((group) => group.entries !== undefined);
    const nodes = readGraphNodes(topology, issues);
    if (known) issues.push(...checkGraph(nodes, fields.signature, names));
  }
  if (issues.length > 0 || kind === undefined || topology === undefined) return { issues, json };
  const artifacts = { ...describe(fields), modelTopology: topology, weightSpecs: [...weights], weightData };
  return { issues, json, file: { path: modelPath, kind, topology, weights, artifacts } };
}

/** The other fields that tfjs reads. Not the training configuration: its losses need not be known to export a model. */
function describe(fields: Readonly<Record<string, unknown>>): Partial<io.ModelArtifacts> {
  const keys = ["signature", "userDefinedMetadata", "modelInitializer", "initializerSignature"] as const;
  return Object.fromEntries(keys.flatMap((key) => (isRecord(fields[key]) ? [[key, fields[key]]] : [])));
}
