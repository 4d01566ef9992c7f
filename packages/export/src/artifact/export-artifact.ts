/** From a fitted model to a folder that can be released. */
import path from "node:path";
import { AttuneError, type TaskName } from "@attune/contracts";
import { type ArtifactManifest, artifactFiles } from "@attune/contracts/manifest";
import { type Model, writeModel } from "@attune/onnx";
import { hashBytes, jsonBytes, replaceFiles, writeFolder } from "@attune/store";
import { type CardOptions, createModelCard } from "../card/model-card.ts";
import { checkArtifactModel } from "../graph/check-artifact-model.ts";
import { assertSize, type ProjectedSize, projectSize, type SizePart } from "../graph/project-size.ts";
import { createReport } from "../report/create-report.ts";
import type { ReportFacts } from "../report/facts.ts";
import type { ExportInput } from "../task/export-input.ts";
import type { TaskExport } from "../task/task-export.ts";
import { taskExports } from "../task/task-exports.ts";
import { compressFiles } from "./compress.ts";
import { findExported } from "./find-exported.ts";
import { listVersions } from "./list-versions.ts";
import { createManifest } from "./manifest.ts";
import { createTritonConfig } from "./triton-config.ts";

export interface ExportOptions extends CardOptions {
  /** Default: the next free number, or the newest if it holds the same export already. */
  readonly version?: number;
  /** Writes `config.pbtxt` beside the versions, where Triton and KServe look, also when they are cached. Default false. */
  readonly triton?: boolean;
}

interface Written {
  readonly dir: string;
  /** True when the newest version was this export already, of the same training and config: no version was written. */
  readonly cached: boolean;
}

/** An artifact of whichever task. */
export interface ExportedArtifact extends Written {
  readonly manifest: ArtifactManifest;
}

/** An artifact of one task; also an `ExportedArtifact`. */
export interface ExportedArtifactOf<T extends TaskName> extends Written {
  readonly manifest: ArtifactManifest<T>;
}

/**
 * Builds, checks and writes an artifact. The folder appears whole or not at all; its manifest is written last.
 *
 * @throws {AttuneError} `EXPORT_TOO_LARGE`, `EXPORT_IDS`, `EXPORT_COLUMNS`, `EXPORT_CATALOGUE`, `EXPORT_NOT_FINITE`,
 * `EXPORT_GOLDEN`, `ONNX_INVALID` before anything is written; `FILE_WRITE` when the disk refuses or the version is taken.
 */
export async function exportArtifact<T extends TaskName>(
  input: ExportInput<T>,
  options: ExportOptions = {},
): Promise<ExportedArtifactOf<T>> {
  const draft = createDraft(input);
  const exported = await findOrWrite(draft, options);
  if (options.triton) {
    const config = new TextEncoder().encode(createTritonConfig(exported.manifest));
    await replaceFiles(draft.home, new Map([["config.pbtxt", config]]));
  }
  return exported;
}

/** The checked graph of an export, and what its files will say. */
interface Draft<T extends TaskName> {
  readonly input: ExportInput<T>;
  readonly task: TaskExport<T>;
  /** The folder of all versions. */
  readonly home: string;
  /** `model.onnx` */
  readonly bytes: Uint8Array;
  /** Parts of `model.onnx`. */
  readonly size: readonly SizePart[];
  /** The manifest of a version, with the model's hash alone. */
  readonly manifestOf: (version: number) => ArtifactManifest<T>;
}

function createDraft<T extends TaskName>(input: ExportInput<T>): Draft<T> {
  const name: T = input.config.task;
  const task: TaskExport<T> = taskExports[name];
  const projected = projectSize(task.size(input));
  const { model, bytes } = buildModel(projected, input.config.export.maxBytes, () => task.build(input));
  const fields = task.fields(input);
  const files = { [artifactFiles.model]: hashBytes(bytes) };
  return {
    input,
    task,
    home: path.join(input.outDir, input.config.name),
    bytes,
    size: measureParts(projected, bytes.byteLength),
    manifestOf: (version) => createManifest({ input, version, model, fields, files }),
  };
}

/** The checked graph and its bytes. Its size is refused by projection first, so that nothing large is built in vain. */
function buildModel(
  projected: ProjectedSize,
  maxBytes: number,
  build: () => Model,
): { model: Model; bytes: Uint8Array } {
  assertSize(projected, maxBytes);
  const bytes = writeModel(build());
  assertSize({ ...projected, totalBytes: bytes.byteLength }, maxBytes);
  return { model: checkArtifactModel(bytes), bytes };
}

/** The parts of a written file: what is not one of the others is the graph. */
function measureParts({ parts }: ProjectedSize, modelBytes: number): readonly SizePart[] {
  const others = parts.reduce((sum, { name, bytes }) => sum + (name === "graph" ? 0 : bytes), 0);
  return parts.map((part) => (part.name === "graph" ? { ...part, bytes: modelBytes - others } : part));
}

/** An older version that is the same export is not taken: the newest version is always what was exported last. */
async function findOrWrite<T extends TaskName>(
  draft: Draft<T>,
  options: ExportOptions,
): Promise<ExportedArtifactOf<T>> {
  const { home, manifestOf } = draft;
  for (;;) {
    const newest = (await listVersions(home)).at(-1);
    const existing = await findExported(home, options.version ?? newest, manifestOf(1));
    if (existing !== undefined) return { ...existing, cached: true };

    const version = options.version ?? (newest ?? 0) + 1;
    const dir = path.join(home, String(version));
    const { manifest, files } = await createFiles(draft, options, manifestOf(version));
    if (await writeFolder(dir, files, () => true)) return { dir, manifest, cached: false };
    // Another run was faster. What it wrote may be this very export.
    const written = await findExported(home, version, manifestOf(1));
    if (written !== undefined) return { ...written, cached: true };
    if (options.version !== undefined) {
      const reason = `version ${version} is there and holds another export; leave the version out to get the next free one`;
      throw new AttuneError("FILE_WRITE", { path: dir, reason });
    }
  }
}

/** Every file of the folder, the manifest last. */
async function createFiles<T extends TaskName>(
  { input, task, bytes: modelBytes, size }: Draft<T>,
  options: ExportOptions,
  draft: ArtifactManifest<T>,
): Promise<{ manifest: ArtifactManifest<T>; files: ReadonlyMap<string, Uint8Array> }> {
  const { dataset, training } = input;
  const text = new TextEncoder();
  const facts: ReportFacts<T> = {
    manifest: draft,
    dataset,
    training,
    size,
    modelBytes: modelBytes.byteLength,
  };
  const files = new Map<string, Uint8Array>([
    [artifactFiles.model, modelBytes],
    [artifactFiles.golden, jsonBytes(task.golden(input))],
    [artifactFiles.card, text.encode(createModelCard(facts, options))],
    [artifactFiles.report, text.encode(createReport(facts))],
  ]);
  for (const [name, content] of Object.entries(task.files(input))) files.set(name, jsonBytes(content));
  for (const [name, compressed] of await compressFiles(files)) files.set(name, compressed);
  const hashes = Object.fromEntries(Array.from(files, ([name, bytes]) => [name, hashBytes(bytes)]));
  const manifest: ArtifactManifest<T> = { ...draft, files: hashes };
  files.set(artifactFiles.manifest, jsonBytes(manifest));
  return { manifest, files };
}
