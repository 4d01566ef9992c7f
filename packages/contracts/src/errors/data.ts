import { bullets } from "./list.ts";

export const dataErrors = {
  /** The events or items file does not exist. */
  DATA_FILE_NOT_FOUND: (d: { path: string; role: string }) =>
    `no ${d.role} file at ${d.path}; check \`data\` in the config (paths are relative to the config file)`,
  /** The file's extension names no format we read. */
  DATA_FORMAT: (d: { path: string; supported: readonly string[] }) =>
    `cannot tell the format of ${d.path}; supported: ${d.supported.join(", ")}. Set \`format\` in the config`,
  /** The file is empty, or has a header and nothing under it. */
  DATA_NO_ROWS: (d: { path: string }) => `${d.path} has no rows; check that it is the right file`,
  /** None of the mapped columns is there and the first line is data, not a header. */
  DATA_NO_HEADER: (d: { path: string; expected: readonly string[]; firstLine: string }) =>
    `${d.path} has no header line: expected columns ${d.expected.join(", ")}, but the first line is "${d.firstLine}"`,
  /** Mapped columns that the file does not have. All of them are listed. */
  DATA_MISSING_COLUMN: (d: { path: string; missing: readonly string[]; found: readonly string[] }) =>
    `${d.path} lacks the column${d.missing.length > 1 ? "s" : ""} ${d.missing.join(", ")}; it has ${d.found.join(", ")}. Map them under \`columns\` in the config`,
  /** Two roles are mapped to one column. */
  DATA_DUPLICATE_MAPPING: (d: { path: string; columns: readonly string[] }) =>
    `the column mapping for ${d.path} uses a column twice:${bullets(d.columns)}`,
  /** Values that are no number, time or id, with their row numbers (the first data row is 1). */
  DATA_UNPARSABLE: (d: { path: string; problems: readonly string[]; count: number }) =>
    `${d.path} has ${d.count} value${d.count === 1 ? "" : "s"} that cannot be read:${bullets(d.problems)}`,
  /** The file is broken as a whole: unclosed quotes, rows of unequal length, damaged Parquet. */
  DATA_MALFORMED: (d: { path: string; reason: string }) => `${d.path} cannot be read: ${d.reason}`,
  /** The file is not UTF-8. */
  DATA_ENCODING: (d: { path: string; byteOffset: number }) =>
    `${d.path} is not UTF-8 (first bad byte at offset ${d.byteOffset}); convert it, for example with \`iconv -f latin1 -t utf-8\``,
  /** Event types in the file that `rules.eventWeights` does not name. All of them are listed. */
  DATA_UNKNOWN_EVENT_TYPE: (d: { path: string; types: readonly string[]; known: readonly string[] }) =>
    `${d.path} has event types without a weight (the config names ${d.known.join(", ")}):${bullets(d.types)}\nAdd them to \`rules.eventWeights\`; 0 drops a type`,
  /** A cleaning rule left no events. */
  DATA_EMPTY: (d: { rule: string; rowsBefore: number; report: readonly string[] }) =>
    `no events are left after the rule "${d.rule}" (${d.rowsBefore} before it):${bullets(d.report)}\nRelax it under \`data.rules\`, or check that \`data.events.columns\` maps the right columns`,
  /** Every rating in the file has the same value. */
  DATA_CONSTANT_RATING: (d: { path: string; column: string; value: number }) =>
    `every value of ${d.column} in ${d.path} is ${d.value}: there is nothing to learn from it. Drop \`rating\` from the mapping to use the events as plain interactions`,
  /** Fewer users than a split or a model needs. */
  DATA_TOO_FEW_USERS: (d: { users: number; needed: number }) =>
    `${d.users} user${d.users === 1 ? "" : "s"} after cleaning, ${d.needed} needed to train and evaluate; relax the rules or add data`,
  /** The split left a role without events. */
  DATA_SPLIT_EMPTY: (d: { role: string; split: string; hint: string }) =>
    `the ${d.split} split left no ${d.role} events; ${d.hint}`,
  /** A given split that is not one: rows in two roles, unknown roles, an empty role. Every problem is listed. */
  DATA_GIVEN_SPLIT: (d: { path: string; issues: readonly string[] }) =>
    `the split given for ${d.path} does not hold:${bullets(d.issues)}`,
  /** A side table that describes nothing of the events, or cannot be read as its config says. */
  DATA_SIDE_TABLE: (d: { path: string; issues: readonly string[] }) =>
    `the side table ${d.path} does not fit the events:${bullets(d.issues)}`,
  /** The config's task has no data step yet. */
  DATA_TASK: (d: { task: string; supported: readonly string[] }) =>
    `data for the task "${d.task}" cannot be prepared from files yet; there is ${d.supported.join(", ")}. Programs may hand a dataset of their own to \`trainModels\``,
  /** Files of a prepared dataset are not those its manifest promises. */
  DATA_DAMAGED: (d: { dir: string; files: readonly string[] }) =>
    `the dataset ${d.dir} is damaged:${bullets(d.files)}\nRun \`attune prepare\` again`,
  /** The engine under `data` failed in a way we did not foresee. */
  DATA_ENGINE: (d: { step: string; reason: string }) => `${d.step} failed in the data engine: ${d.reason}`,
};
