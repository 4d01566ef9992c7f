import * as z from "zod";
import { AttuneError } from "../errors/index.ts";
import { formatIssues } from "../manifest/parse.ts";
import { type ProjectConfig, projectConfig } from "./project.ts";

/**
 * Parses a project config once, at the edge.
 *
 * @param source - what to call it in an error, usually the file's name.
 * @throws {AttuneError} `CONFIG_INVALID` with every problem.
 */
export function parseProjectConfig(input: unknown, source: string): ProjectConfig {
  const result = projectConfig.safeParse(input);
  if (result.success) return result.data;
  throw new AttuneError("CONFIG_INVALID", { source, issues: formatIssues(result.error.issues) });
}

/** The config as JSON Schema (draft 2020-12), for editors and for docs/config.md. */
export function configJsonSchema(): object {
  return z.toJSONSchema(projectConfig, { io: "input" });
}
