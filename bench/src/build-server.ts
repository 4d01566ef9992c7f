/** Builds the server from these very sources. */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { BenchError } from "./bench.ts";

/** What is published is measured, not the sources: those cost memory that no user pays. Cached when nothing changed. */
export async function buildServer(): Promise<void> {
  const turbo = createRequire(import.meta.url).resolve("turbo/bin/turbo");
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const args = [turbo, "run", "build", "--filter=@attune/server...", "--output-logs=errors-only"];
  await promisify(execFile)(process.execPath, args, { cwd: root }).catch((cause: { stdout?: string }) => {
    throw new BenchError(`the server does not build:\n${cause.stdout ?? ""}`);
  });
}
