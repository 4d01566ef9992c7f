import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isAttuneError } from "@attune/contracts";
import pc from "picocolors";
import { findChromium } from "../chromium/find.ts";
import { defineCommand } from "../command.ts";
import type { Io } from "../io.ts";
import { widgetAssets } from "../project/assets.ts";

interface Check {
  readonly name: string;
  /** What stops working when it fails. */
  readonly needed: string;
  /** @returns what was found. Throws with the reason and what to do. */
  run(io: Io): Promise<string>;
}

const checks: readonly Check[] = [
  {
    name: "node",
    needed: "everything",
    async run() {
      const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
      if (major > 22 || (major === 22 && minor >= 12)) return process.version;
      throw new Error(`this is ${process.version}; 22.12 or newer is needed`);
    },
  },
  {
    name: "onnxruntime-node",
    needed: "train, evaluate, verify, serve",
    async run() {
      const { createNodeSession } = await import("@attune/runtime-node");
      return createNodeSession.name === "" ? "" : `loads on ${process.platform} ${process.arch}`;
    },
  },
  {
    name: "duckdb",
    needed: "prepare",
    async run() {
      const { duckdbEngine } = await import("@attune/data");
      return `${duckdbEngine.name} ${duckdbEngine.version}`;
    },
  },
  {
    name: "chromium",
    needed: "verify in a browser",
    async run(io) {
      return findChromium(io.env);
    },
  },
  {
    name: "widget",
    needed: "the demo page, verify in a browser",
    async run() {
      const dir = widgetAssets();
      if (existsSync(path.join(dir, "parity.html"))) return "built";
      throw new Error("not built; run `pnpm build`");
    },
  },
  {
    name: "folder",
    needed: "prepare, train, export",
    async run(io) {
      const probe = await mkdtemp(path.join(io.cwd, ".attune-doctor-"));
      await writeFile(path.join(probe, "probe"), "x");
      await rm(probe, { recursive: true });
      return `${io.cwd} can be written`;
    },
  },
];

export const doctorCommand = defineCommand({
  name: "doctor",
  summary: "Say whether this machine has what Attune needs, and what to do if not.",
  options: {},
  async run(_input, io) {
    const results: { name: string; ok: boolean; detail: string; needed: string }[] = [];
    for (const { name, needed, run } of checks) {
      try {
        results.push({ name, needed, ok: true, detail: await run(io) });
      } catch (error) {
        const detail = isAttuneError(error) || error instanceof Error ? error.message : String(error);
        results.push({ name, needed, ok: false, detail });
      }
    }
    for (const { name, ok, detail, needed } of results) {
      const mark = ok ? pc.green("ok  ") : pc.red("FAIL");
      io.say(`${mark} ${name.padEnd(17)} ${detail}${ok ? "" : pc.dim(` (needed for: ${needed})`)}`);
    }
    io.result({ ok: results.every(({ ok }) => ok), checks: results });
    return results.every(({ ok }) => ok) ? 0 : 1;
  },
});
