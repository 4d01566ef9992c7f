// Packs every published package into a folder (default `.packs`), from copies: the repository is not touched. The same
// build gives the same bytes.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
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

/** Every published package, those that others depend on first. */
export function publishedPackages() {
  const packages = ["packages", "apps"]
    .flatMap((group) => readdirSync(path.join(root, group)).map((name) => path.join(root, group, name)))
    .filter((dir) => existsSync(path.join(dir, "package.json")))
    .map((dir) => ({ dir, text: readFileSync(path.join(dir, "package.json"), "utf8") }))
    .map(({ dir, text }) => ({ dir, text, manifest: JSON.parse(text) }))
    .filter(({ manifest }) => !manifest.private);
  return inDependencyOrder(new Map(packages.map((found) => [found.manifest.name, found])));
}

function inDependencyOrder(packages) {
  const ordered = new Set();
  const visit = (found) => {
    for (const name of Object.keys(found.manifest.dependencies ?? {}))
      if (packages.has(name)) visit(packages.get(name));
    ordered.add(found);
  };
  for (const name of [...packages.keys()].sort()) visit(packages.get(name));
  return [...ordered];
}

/**
 * Whole or not at all: what fails leaves no tarball.
 *
 * @returns {{ name: string, version: string, dependencies: string[], file: string, integrity: string }[]} what others
 * depend on first
 */
export function packAll(destination) {
  const packages = publishedPackages();
  const unbuilt = packages.filter(({ dir }) => !existsSync(path.join(dir, "dist")));
  if (unbuilt.length > 0)
    throw new Error(
      `not built: ${unbuilt.map(({ manifest }) => manifest.name).join(", ")}; run \`pnpm build\` first`,
    );
  const copies = mkdtempSync(path.join(os.tmpdir(), "attune-pack-"));
  try {
    rmSync(destination, { recursive: true, force: true });
    mkdirSync(destination, { recursive: true });
    const folders = packages.map((found) => copyPackage(found, copies));
    const args = ["pack", "--silent", "--pack-destination", destination, ...folders];
    execFileSync("npm", args, { cwd: copies, shell: windows, stdio: "pipe" });
    return packages.map((found) => describe(found.manifest, destination));
  } catch (cause) {
    rmSync(destination, { recursive: true, force: true });
    throw new Error(
      `packing failed: ${reasonOf(cause)}. No tarball was left; free space on the disk or mend that, and run this again`,
      { cause },
    );
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
}

/** @returns {string} the folder as npm takes it for one, never for a name of the registry */
function copyPackage({ dir, text }, copies) {
  const name = path.basename(dir);
  const copy = path.join(copies, name);
  cpSync(path.join(dir, "dist"), path.join(copy, "dist"), { recursive: true });
  cpSync(path.join(root, "LICENSE"), path.join(copy, "LICENSE"));
  cpSync(path.join(dir, "README.md"), path.join(copy, "README.md"));
  writeFileSync(path.join(copy, "package.json"), publishedManifest(text));
  return `./${name}`;
}

function describe({ name, version, dependencies = {} }, destination) {
  const file = path.join(destination, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  const integrity = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  return { name, version, dependencies: Object.keys(dependencies), file, integrity };
}

/** npm's own words where it has some. */
function reasonOf(cause) {
  const lines = String(cause.stderr ?? "").match(/^npm error .+$/gm);
  return lines === null ? cause.message.split("\n")[0] : lines.map((line) => line.slice(10)).join("; ");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const packed = packAll(path.resolve(process.argv[2] ?? path.join(root, ".packs")));
    for (const { file } of packed) console.log(file);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
