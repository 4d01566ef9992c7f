/** schemathesis (PyPI) against a server process: it finds nothing between what the document says and what is answered. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { contextualCatalogue, tinyArtifact, tinyPredictCases } from "@attune/testkit";
import { expect, onTestFinished, test } from "vitest";
import { collectOutput } from "../collect-output.ts";
import { serve } from "./serve.ts";

const schemathesis = fileURLToPath(new URL(".venv/bin/schemathesis", import.meta.url));
const config = fileURLToPath(new URL("schemathesis.toml", import.meta.url));
const whyNot = existsSync(schemathesis)
  ? undefined
  : "no schemathesis here: run test/interop/set-up.sh to set it up";

// The default reporter does not say why a test was left out.
if (whyNot !== undefined) process.stderr.write(`test/interop: ${whyNot}\n`);

/** Examples for each operation, beside those that it makes of every bound of the document. */
const exampleCount = process.env.ATTUNE_SCHEMATHESIS_EXAMPLES ?? "10";

/** Runs it in a folder of its own: it leaves a database of what it tried. */
async function examine(url: string) {
  const cwd = await mkdtemp(join(tmpdir(), "attune-schemathesis-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const options = ["--seed", "1", "--no-color", "--continue-on-failure", "--warnings", "off"];
  const examples = ["--phases", "examples,coverage,fuzzing", "--max-examples", exampleCount];
  const run = ["--config-file", config, "run", `${url}/openapi.json`, ...options, ...examples];
  return collectOutput(spawn(schemathesis, run, { cwd, stdio: ["ignore", "pipe", "pipe"] }));
}

test.for([
  ["recommend", tinyArtifact().files],
  ["recommend with columns and times", tinyArtifact((same) => same, contextualCatalogue()).files],
  ["classify", tinyPredictCases[0]!.artifact.files],
] as const)("reports nothing against a server of %s", async ([, files], { skip }) => {
  if (whyNot !== undefined) return skip(whyNot);
  const server = await serve(files);
  onTestFinished(() => server.stop());
  const { code, stdout, stderr } = await examine(server.url);
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const [, generated = "0", passed] = /(\d+) generated, (\d+) passed/.exec(stdout) ?? [];
  expect(passed).toBe(generated);
  expect(Number(generated)).toBeGreaterThan(300);
});
