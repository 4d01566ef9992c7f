// Everything that must hold before a change lands, in one pass: `pnpm check`. Each step prints only when it fails;
// the last line counts the tests. A failing step does not hide the next one, but without a browser nothing is begun: the
// tests would only say so after minutes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = path.join(root, "node_modules", ".bin");

// Turbo and what else looks at them report nothing to anyone.
process.env.TURBO_TELEMETRY_DISABLED = "1";
process.env.DO_NOT_TRACK = "1";

const conditions = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];
const browser = spawnSync(process.execPath, [...conditions, path.join(root, "scripts/find-browser.mjs")], {
  stdio: ["ignore", 2, 2],
});
if (browser.status !== 0) {
  console.log("tests: 0 passed, 1 failed");
  process.exit(1);
}

const report = path.join(mkdtempSync(path.join(os.tmpdir(), "attune-check-")), "vitest.json");

const steps = [
  { name: "build", command: ["turbo", "run", "build", "--output-logs=errors-only"] },
  { name: "types", command: ["turbo", "run", "check:types", "--output-logs=errors-only"] },
  { name: "lint", command: ["biome", "check", "--error-on-warnings", "."] },
  { name: "dead code", command: ["knip"] },
  { name: "packages", command: ["node", "scripts/check-packages.mjs"] },
  { name: "size", command: ["size-limit"] },
  {
    name: "tests",
    command: ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    loud: true,
  },
];

function run({ name, command, loud }) {
  const [program, ...args] = command;
  const started = performance.now();
  console.error(`· ${name}`);
  const { status, stdout, stderr } = spawnSync(path.join(bin, program), args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", loud ? 2 : "pipe", loud ? 2 : "pipe"],
    env: {
      ...process.env,
      PATH: `${bin}${path.delimiter}${process.env.PATH}`,
      FORCE_COLOR: process.stderr.isTTY ? "1" : "0",
    },
    shell: process.platform === "win32",
  });
  const passed = status === 0;
  if (!passed && !loud) console.error(`${stdout}${stderr}`);
  return { name, passed, seconds: (performance.now() - started) / 1000 };
}

const results = steps.map(run);
console.error("");
for (const { name, passed, seconds } of results) {
  console.error(`${passed ? "ok  " : "FAIL"} ${name.padEnd(10)} ${seconds.toFixed(1).padStart(7)} s`);
}

const failedSteps = results.filter((result) => !result.passed && result.name !== "tests").length;
let counts = { numPassedTests: 0, numFailedTests: 1 };
try {
  counts = JSON.parse(readFileSync(report, "utf8"));
} catch {
  console.error("The test run left no report.");
}
rmSync(path.dirname(report), { recursive: true, force: true });
// A suite that cannot even be loaded counts as one failure; so does each failed step.
const testsPassed = results.at(-1).passed;
const failed = Math.max(counts.numFailedTests, testsPassed ? 0 : 1) + failedSteps;
console.log(`tests: ${counts.numPassedTests} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
