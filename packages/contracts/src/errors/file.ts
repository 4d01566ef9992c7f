import { bullets } from "./list.ts";

export const fileErrors = {
  /** A file or folder cannot be read. */
  FILE_READ: (d: { path: string; reason: string }) => `cannot read ${d.path}: ${d.reason}`,
  /** Writing failed; what was there before is untouched. */
  FILE_WRITE: (d: { path: string; reason: string }) =>
    `cannot write ${d.path}: ${d.reason}. Nothing was changed; free space or choose another folder and run it again`,
  /** A manifest does not fit its schema. Every problem is listed. */
  MANIFEST_INVALID: (d: { source: string; issues: readonly string[] }) =>
    `${d.source} is not a valid manifest:${bullets(d.issues)}`,
  /** A manifest was written by another version of Attune. */
  MANIFEST_VERSION: (d: { source: string; found: number; supported: number }) =>
    `${d.source} has schema version ${d.found}, this Attune reads ${d.supported}; ${d.found > d.supported ? "upgrade @attune packages" : "it is of an older Attune: make it again (`attune prepare`, `train` or `export`)"}`,
};
