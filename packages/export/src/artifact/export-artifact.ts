/** From a fitted model to a folder that can be released. */
import path from "node:path";
import { AttuneError, type ItemDetails } from "@attune/contracts";
import type { ProjectConfig } from "@attune/contracts/config";
import {
  type ArtifactManifest,
  artifactFiles,
  type DatasetManifest,
  parseArtifactManifest,
  type TrainingManifest,
} from "@attune/contracts/manifest";
import type { ScoringModel } from "@attune/features";
import { type Model, writeModel } from "@attune/onnx";
import { hashBytes, jsonBytes, replaceFiles, writeFolder } from "@attune/store";
import { type CardOptions, createModelCard } from "../card/model-card.ts";
import { createGoldenRows, type UserHistory } from "../golden/golden-rows.ts";
import { checkArtifactModel } from "../graph/check-artifact-model.ts";
import { assertSize, projectSize, type SizePart } from "../graph/project-size.ts";
import { buildRecommendModel } from "../graph/recommend-model.ts";
import { createReport } from "../report/create-report.ts";
import type { ReportFacts } from "../report/facts.ts";
import { findExported } from "./find-exported.ts";
import { listVersions } from "./list-versions.ts";
import { createManifest } from "./manifest.ts";
import { createTritonConfig } from "./triton-config.ts";

export interface ExportInput {
  /** Folder of all artifacts; the artifact goes to `<outDir>/<config.name>/<version>/`. */
  readonly outDir: string;
  readonly config: ProjectConfig;
  readonly dataset: DatasetManifest;
  readonly training: TrainingManifest;
  readonly model: ScoringModel;
  /** `[items]` scores of the fallback. */
  readonly popularity: Float32Array;
  /** `[items]` id per item index. */
  readonly itemIds: readonly string[];
  /** `[items]` what a person reads; becomes `items.json`. */
  readonly itemDetails?: readonly ItemDetails[];
  /** Real histories for golden rows, held-out users first. */
  readonly histories: readonly UserHistory[];
  /** Tool → version, for the manifest. */
  readonly tools: Readonly<Record<string, string>>;
}

export interface ExportOptions extends CardOptions {
  /** Default: the next free number, or the newest if it holds the same export already. */
  readonly version?: number;
  /** Writes `config.pbtxt` beside the versions, where Triton and KServe look, also when they are cached. Default false. */
  readonly triton?: boolean;
}

export interface ExportedArtifact {
  readonly dir: string;
  readonly manifest: ArtifactManifest;
  /** True when the newest version was this export already, of the same training and config: no version was written. */
  readonly cached: boolean;
}

/**
 * Builds, checks and writes an artifact. The folder appears whole or not at all; its manifest is written last.
 *
 * @throws {AttuneError} `EXPORT_TOO_LARGE`, `EXPORT_IDS`, `EXPORT_CATALOGUE`, `EXPORT_NOT_FINITE`, `ONNX_INVALID` before
 * anything is written; `FILE_WRITE` when the disk refuses or the version is taken.
 */
export async function exportArtifact(
  input: ExportInput,
  options: ExportOptions = {},
): Promise<ExportedArtifact> {
  const { model, bytes } = buildModel(input);
  const home = path.join(input.outDir, input.config.name);
  const draft = (version: number) =>
    createManifest({
      ...input,
      name: input.config.name,
      version,
      scoring: input.model,
      model,
      itemCount: input.itemIds.length,
      files: { [artifactFiles.model]: hashBytes(bytes) },
    });
  const exported = await findOrWrite(input, options, { home, bytes, draft });
  if (options.triton) {
    const config = new TextEncoder().encode(createTritonConfig(exported.manifest));
    await replaceFiles(home, new Map([["config.pbtxt", config]]));
  }
  return exported;
}

interface Draft {
  /** The folder of all versions. */
  readonly home: string;
  /** `model.onnx` */
  readonly bytes: Uint8Array;
  readonly draft: (version: number) => ArtifactManifest;
}

/** An older version that is the same export is not taken: the newest version is always what was exported last. */
async function findOrWrite(
  input: ExportInput,
  options: ExportOptions,
  { home, bytes, draft }: Draft,
): Promise<ExportedArtifact> {
  const newest = (await listVersions(home)).at(-1);
  const existing = await findExported(home, options.version ?? newest, draft(1));
  if (existing !== undefined) return { ...existing, cached: true };

  for (let version = options.version ?? (newest ?? 0) + 1; ; version++) {
    const dir = path.join(home, String(version));
    const { manifest, files } = createFiles(input, options, bytes, draft(version));
    if (await writeFolder(dir, files, () => true)) return { dir, manifest, cached: false };
    if (options.version !== undefined) {
      const reason = `version ${version} is there and holds another export; leave the version out to get the next free one`;
      throw new AttuneError("FILE_WRITE", { path: dir, reason });
    }
  }
}

/** The checked graph and its bytes. Its size is refused by projection first, so that nothing large is built in vain. */
function buildModel(input: ExportInput): { model: Model; bytes: Uint8Array } {
  const { config, dataset, training } = input;
  const { maxBytes, maxK, maxHistory, maxExclude } = config.export;
  const size = projectSize({ itemIds: input.itemIds, weightBytes: input.model.fragment.bytes });
  assertSize(size, maxBytes);
  const built = buildRecommendModel({
    ...input,
    name: config.name,
    dataKey: dataset.key,
    trainingKey: training.key,
    limits: { maxK, maxHistory, maxExclude },
  });
  const bytes = writeModel(built);
  assertSize({ ...size, totalBytes: bytes.byteLength }, maxBytes);
  return { model: checkArtifactModel(bytes), bytes };
}

/** The parts of a written file: what is not one of the others is the graph. */
function measureParts({ itemIds, model }: ExportInput, modelBytes: number): readonly SizePart[] {
  const parts = projectSize({ itemIds, weightBytes: model.fragment.bytes }).parts;
  const others = parts.reduce((sum, { name, bytes }) => sum + (name === "graph" ? 0 : bytes), 0);
  return parts.map((part) => (part.name === "graph" ? { ...part, bytes: modelBytes - others } : part));
}

/** Every file of the folder, the manifest last. */
function createFiles(
  input: ExportInput,
  options: ExportOptions,
  modelBytes: Uint8Array,
  draft: ArtifactManifest,
): { manifest: ArtifactManifest; files: ReadonlyMap<string, Uint8Array> } {
  const { config, dataset, training, itemDetails } = input;
  const text = new TextEncoder();
  const golden = createGoldenRows({
    ...input,
    limits: draft.limits,
    seed: config.seed,
    count: config.export.goldenRows,
  });
  const facts: ReportFacts = {
    manifest: draft,
    dataset,
    training,
    size: measureParts(input, modelBytes.byteLength),
    modelBytes: modelBytes.byteLength,
  };
  const files = new Map([
    [artifactFiles.model, modelBytes],
    [artifactFiles.golden, jsonBytes(golden)],
    [artifactFiles.card, text.encode(createModelCard(facts, options))],
    [artifactFiles.report, text.encode(createReport(facts))],
    ...(itemDetails ? [[artifactFiles.items, jsonBytes(itemDetails)] as const] : []),
  ] satisfies (readonly [string, Uint8Array])[]) as Map<string, Uint8Array>;
  const hashes = Object.fromEntries(Array.from(files, ([name, bytes]) => [name, hashBytes(bytes)]));
  const manifest = parseArtifactManifest({ ...draft, files: hashes }, artifactFiles.manifest);
  files.set(artifactFiles.manifest, jsonBytes(manifest));
  return { manifest, files };
}
