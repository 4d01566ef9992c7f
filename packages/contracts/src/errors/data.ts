import { bullets, names } from "./list.ts";

export interface BadRows {
  readonly path: string;
  /** The sum over `kinds`. */
  readonly count: number;
  /** Rows of the file, good and bad. */
  readonly rowCount: number;
  readonly kinds: readonly {
    readonly kind: string;
    /** What is wrong, and what was expected. */
    readonly problem: string;
    readonly count: number;
    readonly examples: readonly {
      readonly file?: string;
      readonly line: number;
      readonly place: string;
      readonly column?: string;
      readonly text: string;
      readonly count?: number;
    }[];
  }[];
  /** Rows without a user or an item, which a rule drops. */
  readonly missingIds: number;
  /** What the config says of bad events; absent for a side table, whose bad rows are never left out. */
  readonly policy?: { readonly badRows: "refuse" | "skip"; readonly maxBadRows: number };
}

function badRowBlock({ problem, count, examples }: BadRows["kinds"][number]): string {
  const lines = examples.map((example) => `\n      ${badRowLine(example)}`);
  const shown = examples.reduce((sum, example) => sum + (example.count ?? 1), 0);
  const rest = count > shown && shown > 0 ? "\n      …" : "";
  return `\n  - ${problem}: ${count} row${count === 1 ? "" : "s"}${lines.join("")}${rest}`;
}

/** A value stands in quotes, a row as it is; what cannot be seen is spelt. */
function badRowLine({ place, column, text, count }: BadRows["kinds"][number]["examples"][number]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to spell.
  const spelt = text.replace(/[\u0000-\u001f\u007f]/g, (char) => JSON.stringify(char).slice(1, -1));
  if (column === undefined) return `${place}: ${spelt}`;
  const rows = count === undefined ? "" : ` (${count} row${count === 1 ? "" : "s"})`;
  return `${place}, ${column}: ${text === "" ? "nothing" : `"${spelt}"`}${rows}`;
}

function badRowAdvice({ policy, count, rowCount }: BadRows): string {
  if (policy === undefined) return "Mend the file";
  const { badRows, maxBadRows } = policy;
  const share = roundUp(count / rowCount);
  if (badRows === "skip") {
    return `That is a share of ${share}, more than data.events.maxBadRows (${maxBadRows}) lets data.events.badRows: "skip" leave out. Check that data.events describes this file (format, columns, timeUnit), mend the file, or raise the share`;
  }
  const limit = share > maxBadRows ? `; that also needs data.events.maxBadRows: ${share} or more` : "";
  return `Mend the file, or set data.events.badRows: "skip" to leave these rows out${limit}`;
}

/** To two digits, never less: a limit of this share lets the rows pass. */
function roundUp(share: number): number {
  const scale = 10 ** (1 - Math.floor(Math.log10(share)));
  return Number((Math.ceil(share * scale) / scale).toPrecision(2));
}

export const dataErrors = {
  /** The events or items file does not exist. */
  DATA_FILE_NOT_FOUND: (d: { path: string; role: string }) =>
    `no ${d.role} file at ${d.path}; check the path: one on the command line starts in the current folder, one under \`data\` in the config starts in the config's`,
  /** The file's extension names no format we read. */
  DATA_FORMAT: (d: { path: string; supported: readonly string[] }) =>
    `cannot tell the format of ${d.path}; supported: ${d.supported.join(", ")}. Give the file one of these endings, or set \`format\` in the config`,
  /** The file is empty, or has a header and nothing under it. */
  DATA_NO_ROWS: (d: { path: string }) =>
    `${d.path} has no rows: it is empty, or a header line alone; check that it is the right file`,
  /** None of the mapped columns is there and the first line is data, not a header. */
  DATA_NO_HEADER: (d: { path: string; expected: readonly string[]; firstLine: string }) =>
    `${d.path} has no header line: expected columns ${d.expected.join(", ")}, but the first line is "${d.firstLine}"`,
  /** Mapped columns that the file does not have. All of them are listed. */
  DATA_MISSING_COLUMN: (d: { path: string; missing: readonly string[]; found: readonly string[] }) =>
    `${d.path} lacks the column${d.missing.length > 1 ? "s" : ""} ${d.missing.join(", ")}; it has ${names(d.found)}. Map them under \`columns\` in the config`,
  /** Two roles are mapped to one column. */
  DATA_DUPLICATE_MAPPING: (d: { path: string; columns: readonly string[] }) =>
    `the column mapping for ${d.path} uses a column twice:${bullets(d.columns)}`,
  /** Rows that cannot be used: every kind with its count and its first rows. Lines are counted as an editor does. */
  DATA_BAD_ROWS: (d: BadRows) =>
    `${d.path} has ${d.count} bad row${d.count === 1 ? "" : "s"} of ${d.rowCount}:${d.kinds.map(badRowBlock).join("")}${
      d.missingIds === 0
        ? ""
        : `\n  (${d.missingIds} more without a user or an item: these are no hindrance, the rule "missing ids" drops them)`
    }\n${badRowAdvice(d)}`,
  /** The file is broken as a whole: a broken header, a column name twice, damaged Parquet. */
  DATA_MALFORMED: (d: { path: string; reason: string }) => `${d.path} cannot be read: ${d.reason}`,
  /** The file as a whole is in another encoding than UTF-8. */
  DATA_ENCODING: (d: { path: string; byteOffset: number; encoding?: string }) =>
    `${d.path} is not UTF-8 (first bad byte at offset ${d.byteOffset}); convert it, for example with \`iconv -f ${d.encoding ?? "latin1"} -t utf-8\``,
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
