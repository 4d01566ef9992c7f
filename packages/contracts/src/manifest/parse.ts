/** Parsing at the edge: unknown JSON in, trusted manifests out, every problem named at once. */
import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";
import { AttuneError } from "../errors/index.ts";
import { type AliasFile, aliasFile, aliasFileVersion, checkAliasFile } from "./alias-file.ts";
import { type ArtifactManifest, artifactManifest, artifactManifestVersion } from "./artifact.ts";
import { type DatasetManifest, datasetManifest, datasetManifestVersion } from "./dataset.ts";
import { type GoldenFile, goldenFile, goldenFileVersion } from "./golden.ts";
import { type TrainingManifest, trainingManifest, trainingManifestVersion } from "./training.ts";

// zod/mini carries no words of its own, and a global `z.config` would be a side effect of importing us.
const english = en().localeError;

// Every host has it; ES2023 alone does not know it.
interface Host {
  TextDecoder: new () => { decode(bytes: Uint8Array): string };
}
const decoder = new (globalThis as unknown as Host).TextDecoder();

/** One line per problem: `path: message`. */
export function formatIssues(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.map((issue) => `${formatPath(issue.path)}: ${issue.message}`);
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "(root)";
  return path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`,
    "",
  );
}

function parse<T>(schema: z.ZodMiniType<T>, input: unknown, source: string, supported: number): T {
  const found = (input as { schemaVersion?: unknown } | null | undefined)?.schemaVersion;
  if (typeof found === "number" && found !== supported) {
    throw new AttuneError("MANIFEST_VERSION", { source, found, supported });
  }
  const result = z.safeParse(schema, input, { error: english });
  if (result.success) return result.data;
  throw new AttuneError("MANIFEST_INVALID", { source, issues: formatIssues(result.error.issues) });
}

/**
 * The JSON in a file's bytes, for the parsers below.
 *
 * @throws {AttuneError} `MANIFEST_INVALID` when it is no JSON.
 */
export function parseJsonBytes(bytes: Uint8Array, source: string): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const issues = [`(root): not JSON (${reason})`];
    throw new AttuneError("MANIFEST_INVALID", { source, issues }, { cause });
  }
}

/** @throws {AttuneError} `MANIFEST_VERSION` when another version of Attune wrote it, `MANIFEST_INVALID` otherwise. */
export function parseArtifactManifest(input: unknown, source: string): ArtifactManifest {
  return parse(artifactManifest, input, source, artifactManifestVersion);
}

/** @throws {AttuneError} `MANIFEST_VERSION` when another version of Attune wrote it, `MANIFEST_INVALID` otherwise. */
export function parseDatasetManifest(input: unknown, source: string): DatasetManifest {
  return parse(datasetManifest, input, source, datasetManifestVersion);
}

/** @throws {AttuneError} `MANIFEST_VERSION` when another version of Attune wrote it, `MANIFEST_INVALID` otherwise. */
export function parseGoldenFile(input: unknown, source: string): GoldenFile {
  return parse(goldenFile, input, source, goldenFileVersion);
}

/** @throws {AttuneError} `MANIFEST_VERSION` when another version of Attune wrote it, `MANIFEST_INVALID` otherwise. */
export function parseTrainingManifest(input: unknown, source: string): TrainingManifest {
  return parse(trainingManifest, input, source, trainingManifestVersion);
}

/**
 * What a repository holds is not looked at: an alias may still lead to nothing.
 *
 * @throws {AttuneError} `MANIFEST_VERSION` when another version of Attune wrote it, `MANIFEST_INVALID` otherwise.
 */
export function parseAliasFile(input: unknown, source: string): AliasFile {
  const file = parse(aliasFile, input, source, aliasFileVersion);
  const issues = checkAliasFile(file);
  if (issues.length > 0) throw new AttuneError("MANIFEST_INVALID", { source, issues });
  return file;
}
