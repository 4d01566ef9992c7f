// Packs every published package into a folder (default `.packs`), from copies: the repository is not touched.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { publishedManifest } from "./pack-manifest.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === "win32";

function publishedFolders() {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(path.join(root, group)).map((name) => path.join(root, group, name)))
    .filter((dir) => existsSync(path.join(dir, "package.json")))
    .filter((dir) => !JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8")).private);
}

/** @returns {string[]} the tarballs */
export function packAll(destination) {
  rmSync(destination, { recursive: true, force: true });
  mkdirSync(destination, { recursive: true });
  for (const dir of publishedFolders()) {
    const copy = mkdtempSync(path.join(os.tmpdir(), "attune-pack-"));
    if (!existsSync(path.join(dir, "dist"))) throw new Error(`${dir} is not built; run \`pnpm build\` first`);
    cpSync(path.join(dir, "dist"), path.join(copy, "dist"), { recursive: true });
    cpSync(path.join(root, "LICENSE"), path.join(copy, "LICENSE"));
    if (existsSync(path.join(dir, "README.md")))
      cpSync(path.join(dir, "README.md"), path.join(copy, "README.md"));
    writeFileSync(
      path.join(copy, "package.json"),
      publishedManifest(readFileSync(path.join(dir, "package.json"), "utf8")),
    );
    execFileSync("npm", ["pack", "--silent", "--pack-destination", destination], {
      cwd: copy,
      shell: windows,
      stdio: "pipe",
    });
    rmSync(copy, { recursive: true, force: true });
  }
  return readdirSync(destination).map((file) => path.join(destination, file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of packAll(path.resolve(process.argv[2] ?? path.join(root, ".packs")))) console.log(file);
}
