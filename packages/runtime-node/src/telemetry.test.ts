// The engine counts its use and reports it over the network, unless it is told not to before it loads.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const program = fileURLToPath(new URL("fixtures/open-and-close.ts", import.meta.url));

/** @returns the files that a process with a home and a temporary folder of its own leaves there. */
async function filesLeftBy(more: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "attune-telemetry-"));
  // On a build machine the engine keeps quiet by itself.
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: undefined, CI: undefined };
  try {
    await run(process.execPath, ["--conditions=@attune/source", program], {
      env: { ...env, HOME: dir, TMPDIR: dir, ...more },
    });
    return readdirSync(dir, { recursive: true }).map(String);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test("the engine keeps and reports nothing of its use", async () => {
  expect(await filesLeftBy({})).toEqual([]);
});

test.runIf(process.platform === "linux")("whoever wants to be counted says so", async () => {
  expect(await filesLeftBy({ ORT_DISABLE_TELEMETRY: "0" })).not.toEqual([]);
});
