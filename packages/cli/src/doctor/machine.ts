/** What every command stands on: Node, the built pages, the folder. */
import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import path from "node:path";
import { widgetAssets } from "../project/assets.ts";
import { checkFolder } from "../project/obstacles.ts";
import type { Check } from "./check.ts";

/** Room for the data, models and artifacts of a few runs. */
const neededBytes = 500e6;

export const nodeCheck: Check = {
  name: "node",
  needed: "everything",
  async run() {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    if (major > 22 || (major === 22 && minor >= 12)) return process.version;
    throw new Error(`this is ${process.version}; install 22.12 or newer`);
  },
};

export const widgetCheck: Check = {
  name: "widget",
  needed: "the demo page, verify in a browser",
  async run() {
    if (existsSync(path.join(widgetAssets(), "parity.html"))) return "built";
    throw new Error("not there; run `pnpm build` in the repository, or install attune again");
  },
};

export const folderCheck: Check = {
  name: "folder",
  needed: "prepare, train, export",
  async run(io) {
    const obstacles = await checkFolder(io.cwd, neededBytes);
    if (obstacles.length > 0) throw new Error(obstacles.map(({ issue }) => issue).join("; "));
    const { bavail, bsize } = await statfs(io.cwd);
    return `${io.cwd} can be written, ${Math.floor((bavail * bsize) / 1e6)} MB free`;
  },
};
