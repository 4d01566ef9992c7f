import * as z from "zod";
import { AttuneError } from "../errors/index.ts";
import { formatIssues } from "../manifest/parse.ts";
import { findFormerKeys, formerMeanings } from "./former-keys.ts";
import { configVersion, type ProjectConfig, projectConfig } from "./project.ts";

/**
 * Parses a project config once, at the edge. A config without a task is one of `recommend`.
 *
 * @param source - what to call it in an error, usually the file's name.
 * @throws {AttuneError} `CONFIG_VERSION` for one of another version, with what to change; `CONFIG_INVALID` with every problem.
 */
export function parseProjectConfig(input: unknown, source: string): ProjectConfig {
  const version = isRecord(input) ? input.version : undefined;
  const isOther = typeof version === "number" && version !== configVersion;
  const changes = [...findFormerKeys(input), ...(version === configVersion - 1 ? formerMeanings : [])];
  if (changes.length > 0 || isOther) {
    const found = isOther ? version : configVersion - 1;
    throw new AttuneError("CONFIG_VERSION", { source, found, supported: configVersion, changes });
  }
  const result = projectConfig.safeParse(isRecord(input) ? { task: "recommend", ...input } : input);
  if (result.success) return result.data;
  throw new AttuneError("CONFIG_INVALID", { source, issues: formatIssues(result.error.issues) });
}

function isRecord(input: unknown): input is Record<string, unknown> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

/** The config as JSON Schema (draft 2020-12), for editors and for docs/config.md. */
export function configJsonSchema(): object {
  return z.toJSONSchema(projectConfig, { io: "input" });
}
