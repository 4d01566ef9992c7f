// Is what we publish well formed? publint reads each tarball, attw resolves its types as consumers would.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { packAll } from "./pack.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = path.join(root, "node_modules", ".bin");
const tools = [
  { name: "publint", args: ["run", "--strict"] },
  { name: "attw", args: ["--profile", "esm-only", "--format", "ascii"] },
];

let failed = false;
for (const { file: tarball } of packAll(path.join(root, ".packs"))) {
  for (const { name, args } of tools) {
    const result = spawnSync(path.join(bin, name), [...args, tarball], {
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    if (result.status === 0) continue;
    failed = true;
    console.error(`${name} ${path.basename(tarball)}\n${result.stdout}${result.stderr}`);
  }
}
process.exitCode = failed ? 1 : 0;
