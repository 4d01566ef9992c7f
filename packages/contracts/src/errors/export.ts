import { bullets } from "./list.ts";

/** What to try instead of a browser that does not start, by where it came from. */
const otherBrowser = {
  CHROMIUM_PATH: "set CHROMIUM_PATH to another browser, or unset it",
  system:
    "install it anew, set CHROMIUM_PATH to another one, or set ATTUNE_NO_SYSTEM_BROWSER=1 to take the one of the npm package @sparticuz/chromium",
  npm: "install a Chromium (Debian: `apt-get install chromium`), set CHROMIUM_PATH",
} as const;

export const exportErrors = {
  /** The model would be larger than the limit. Said before training or writing anything. */
  EXPORT_TOO_LARGE: (d: { projectedBytes: number; limitBytes: number; parts: readonly string[] }) =>
    `the model would be ${(d.projectedBytes / 1e6).toFixed(1)} MB, the limit is ${(d.limitBytes / 1e6).toFixed(1)} MB (\`export.maxBytes\`):${bullets(d.parts)}`,
  /** Weights that are NaN or infinite never leave the trainer. */
  EXPORT_NOT_FINITE: (d: { tensors: readonly string[] }) => `weights are not finite:${bullets(d.tensors)}`,
  /** Ids that a graph cannot hold: empty, given twice, with a NUL, or no valid text. */
  EXPORT_IDS: (d: { issues: readonly string[] }) => `item ids cannot be exported:${bullets(d.issues)}`,
  /** Columns that a graph cannot take: names that its signature uses, levels that no lookup can hold. All are listed. */
  EXPORT_COLUMNS: (d: { issues: readonly string[] }) =>
    `these columns cannot be inputs of the graph:${bullets(d.issues)}\nrename them in the data, or leave them out of \`features\` in the config`,
  /** The model's own answers to golden rows that no golden file can hold. */
  EXPORT_GOLDEN: (d: { kind: string; rows: readonly string[] }) =>
    `${d.kind} gives no finite answer to these golden rows, so a runtime could not be held to them:${bullets(d.rows)}\nthis is a defect of the trainer: it must answer missing and unknown values too`,
  /** Ids, popularity and the model's scores belong to catalogues of different sizes, or to an empty one. */
  EXPORT_CATALOGUE: (d: { sizes: Readonly<Record<string, number>> }) =>
    `the parts of the model do not share one catalogue: ${Object.entries(d.sizes)
      .map(([part, items]) => `${part} has ${items} items`)
      .join(", ")}; train and export from the same dataset`,
  /** A user's tfjs model (model.json and its weight files) cannot be loaded. Every problem is listed. */
  EXPORT_TFJS_MODEL: (d: { path: string; issues: readonly string[] }) =>
    `${d.path} cannot be loaded as a tfjs model:${bullets(d.issues)}`,
  /** A runtime gives other numbers than tfjs for the exported model. Nothing was written. */
  EXPORT_TFJS_PARITY: (d: { runtime: string; maxScaled: number; tolerance: number; worst: string }) =>
    `${d.runtime} is ${d.maxScaled.toExponential(1)} away from tfjs, more than ${d.tolerance} (${d.worst}); this is a defect of the export: nothing was written, please report the model`,
  /** A training that would take the place of a better version. Nothing was written. */
  RELEASE_WORSE: (d: { name: string; previous: number; reasons: readonly string[] }) =>
    `${d.name}: not released, version ${d.previous} stays the newest:${bullets(d.reasons)}\nLook at the data and at the leaderboard of \`attune train\`; --allow-worse (for programs: allowWorse) releases it all the same`,
  /** Files that the manifest lists and the folder lacks. */
  ARTIFACT_MISSING_FILE: (d: { dir: string; files: readonly string[] }) =>
    `the artifact ${d.dir} lacks ${d.files.join(", ")}; copy the whole folder, or export it again`,
  /** A file's bytes are not those the manifest promises. */
  ARTIFACT_HASH: (d: { dir: string; files: readonly string[] }) =>
    `the artifact ${d.dir} is damaged, nothing was loaded:${bullets(d.files)}`,
  /** A runtime disagrees with the trainer by more than the tolerance. */
  VERIFY_MISMATCH: (d: {
    runtime: string;
    maxAbs: number;
    sameAnswer: number;
    tolerance: number;
    worst: string;
  }) =>
    `${d.runtime} disagrees with the trainer: largest difference ${d.maxAbs} (allowed ${d.tolerance}), same answers ${d.sameAnswer}; worst row ${d.worst}`,
  /** No Chromium on this machine. */
  VERIFY_NO_BROWSER: (d: { tried: readonly string[] }) =>
    `no Chromium found (tried ${d.tried.join("; ")}); install it (Debian: \`apt-get install chromium\`; from npm, on Linux x64: \`npm install --save-dev @sparticuz/chromium\`), set CHROMIUM_PATH, or pass --no-web`,
  /** The npm package's browser could not be unpacked. */
  VERIFY_BROWSER_UNPACK: (d: { dir: string; reason: string }) =>
    `the browser of the npm package @sparticuz/chromium cannot be unpacked into ${d.dir}: ${d.reason}; set TMPDIR to a folder of yours with room, set CHROMIUM_PATH to another browser, or pass --no-web`,
  /** The browser is there but does not start. */
  VERIFY_BROWSER_START: (d: {
    executablePath: string;
    origin: "CHROMIUM_PATH" | "system" | "npm";
    reason: string;
  }) =>
    `the browser ${d.executablePath} does not start: ${d.reason}; ${otherBrowser[d.origin]}, or pass --no-web`,
  /** The browser started but the page failed. */
  VERIFY_BROWSER: (d: { reason: string }) => `verification in the browser failed: ${d.reason}`,
};
