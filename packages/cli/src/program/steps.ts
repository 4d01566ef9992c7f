/** The steps of the command line for programs: each returns data, prints nothing and throws an `AttuneError`. */
import path from "node:path";
import { AttuneError } from "@attune/contracts";
import type { ArtifactManifest, DatasetManifest, TrainingManifest } from "@attune/contracts/manifest";
import { openData } from "../pipeline/open-data.ts";
import { runPrepare } from "../pipeline/prepare.ts";
import { runTrain } from "../pipeline/train.ts";
import { runVerify, type Verification, type WebHalf, webHalves } from "../pipeline/verify.ts";
import { runExport } from "../release/run-export.ts";
import type { ReleaseVerdict } from "../release/verdict.ts";
import { type LeaderboardRow, leaderboardRows } from "../terminal/leaderboard.ts";
import { openProject, type ProjectOptions } from "./project.ts";
import { createQuietIo, type QuietOptions } from "./quiet-io.ts";

/** What a step has written. */
export interface Written<Manifest> {
  /** Its folder, absolute. */
  readonly dir: string;
  readonly manifest: Manifest;
  /** True when it stood there before, made from the same input by the same settings. */
  readonly cached: boolean;
}

/**
 * Cleans, indexes and splits the events of a project.
 *
 * @throws {AttuneError} `CONFIG_…`, `DATA_…`, `FILE_READ`, `FILE_WRITE`
 */
export async function prepare(options: ProjectOptions = {}): Promise<Written<DatasetManifest<"recommend">>> {
  const project = await openProject(options);
  const { dir, manifest, cached } = await runPrepare(project, createQuietIo("prepare", project.dir, options));
  return { dir, manifest, cached };
}

export interface Trained extends Written<TrainingManifest> {
  /** Every model's figures on the test users, best first. */
  readonly leaderboard: readonly LeaderboardRow[];
}

/**
 * Fits every model of the config, chooses on the validation users and measures once on the test users. Prepares what is
 * not prepared yet.
 *
 * @throws {AttuneError} what `prepare` throws, `TRAIN_…`
 */
export async function train(options: ProjectOptions = {}): Promise<Trained> {
  const project = await openProject(options);
  const io = createQuietIo("train", project.dir, options);
  const { project: opened, dataset, family } = await openData(project, io);
  const { dir, manifest, cached } = await runTrain(opened, dataset, family, io);
  return { dir, manifest, cached, leaderboard: leaderboardRows(manifest) };
}

export interface ExportArtifactOptions extends ProjectOptions {
  /** The version to write. Default: the next free one, or the newest if it is this very export. */
  readonly version?: number;
  /** Releases also what is a step back from the version before. Default false. */
  readonly allowWorse?: boolean;
  /** Writes config.pbtxt as well, for Triton and KServe. Default false. */
  readonly triton?: boolean;
}

export interface Exported extends Written<ArtifactManifest> {
  /** How it stands to the version before. */
  readonly release: ReleaseVerdict;
}

/**
 * Writes the chosen model as one ONNX file with its manifest, golden rows, card and report. Prepares and trains what is
 * not there yet.
 *
 * @throws {AttuneError} what `train` throws, `RELEASE_WORSE`, `EXPORT_…`
 */
export async function exportArtifact(options: ExportArtifactOptions = {}): Promise<Exported> {
  const { version, allowWorse = false, triton = false } = options;
  if (version !== undefined && !(Number.isSafeInteger(version) && version >= 1)) {
    throw badOption(
      "exportArtifact",
      `version is ${JSON.stringify(version)}, expected a whole number from 1`,
    );
  }
  const project = await openProject(options);
  const io = createQuietIo("export", project.dir, options);
  const { project: opened, dataset, family } = await openData(project, io);
  const training = await runTrain(opened, dataset, family, io);
  const release = { allowWorse, triton, ...(version !== undefined && { version }) };
  const { dir, manifest, cached, verdict } = await runExport(opened, dataset, training, io, release);
  return { dir: path.resolve(dir), manifest, cached, release: verdict };
}

export interface VerifyOptions extends QuietOptions {
  /** Folder of the artifact. */
  readonly artifact: string;
  /** Whether a browser must agree too, may (where one can be started), or is left out. Default `"required"`. */
  readonly web?: WebHalf;
}

/**
 * Holds onnxruntime-node, and onnxruntime-web in a real browser, to the trainer's answers, and writes the differences into
 * the artifact's manifest.
 *
 * @throws {AttuneError} `VERIFY_…`, `MANIFEST_…`, `ONNX_…`, `FILE_READ`
 */
export async function verify({
  artifact,
  web = "required",
  ...options
}: VerifyOptions): Promise<Verification> {
  if (typeof artifact !== "string" || artifact === "") {
    throw badOption("verify", "artifact is missing: the folder of an artifact");
  }
  if (!webHalves.includes(web)) {
    throw badOption("verify", `web is ${JSON.stringify(web)}, expected one of ${webHalves.join(", ")}`);
  }
  const dir = path.resolve(artifact);
  return runVerify(dir, web, createQuietIo("verify", dir, options));
}

/** A program in plain JavaScript has no types that would tell it. */
function badOption(step: string, problem: string): AttuneError<"CLI_OPTION"> {
  return new AttuneError("CLI_OPTION", { step, problem });
}
