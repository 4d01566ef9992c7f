import { bullets } from "./list.ts";

export const configErrors = {
  /** The project config does not fit its schema. Every problem is listed. */
  CONFIG_INVALID: (d: { source: string; issues: readonly string[] }) =>
    `${d.source} is not a valid config:${bullets(d.issues)}`,
  /** No config file where one was expected. */
  CONFIG_NOT_FOUND: (d: { path: string }) =>
    `no config at ${d.path}; run \`attune init\` to write one, or pass --config FILE`,
  /** The config file exists but cannot be loaded. */
  CONFIG_LOAD: (d: { path: string; reason: string }) => `cannot load ${d.path}: ${d.reason}`,
};
