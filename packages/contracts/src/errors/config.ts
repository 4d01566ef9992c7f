import { bullets } from "./list.ts";

export const configErrors = {
  /** The project config does not fit its schema. Every problem is listed. */
  CONFIG_INVALID: (d: { source: string; issues: readonly string[] }) =>
    `${d.source} is not a valid config:${bullets(d.issues)}`,
  /** The config was written for another version of the format. Every change is listed. */
  CONFIG_VERSION: (d: { source: string; found: number; supported: number; changes: readonly string[] }) =>
    `${d.source} is a config of version ${d.found}, this Attune reads version ${d.supported}${d.found > d.supported ? "; upgrade attune" : `:${bullets(d.changes)}`}`,
  /** No config file where one was expected. */
  CONFIG_NOT_FOUND: (d: { path: string }) =>
    `no config at ${d.path}; run \`attune init --events FILE\` with your events (csv, tsv, jsonl or parquet) to write one, or pass --config FILE`,
  /** The config file exists but cannot be loaded. */
  CONFIG_LOAD: (d: { path: string; reason: string }) => `cannot load ${d.path}: ${d.reason}`,
};
