/**
 * Unpacks the npm package's browser into a folder that appears whole or not at all. Several processes may do so at once:
 * each unpacks aside, the first one's folder stays.
 */
import { execFile } from "node:child_process";
import { lstat, mkdir, readdir, readFile, stat, statfs } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { AttuneError } from "@attune/contracts";
import { createStaging, jsonBytes } from "@attune/store";

/** Bytes that must be free: the browser is 210 MB unpacked. */
const neededBytes = 300e6;

/** Sizes of everything unpacked. A folder where one differs is no browser: cleaners of temporary folders take single files. */
const inventoryName = "inventory.json";

/** The package's parts that a headless page needs: the browser, and libraries and fonts that a bare system lacks. */
const parts = ["chromium.br", "al2023.tar.br", "fonts.tar.br"];

/** The machine's fonts, if it has any, and those of the package: without a font no text has a size. */
const fontsConfig = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * Run in a process of its own: the package unpacks into the folder for temporary files, which only the environment of a
 * whole process can change, and it would take a half file that it finds there for a whole one.
 */
const program = `
const [entry, ...files] = process.argv.slice(1);
const { inflate } = await import(entry);
await Promise.all(files.map((file) => inflate(file)));
`;

/**
 * @param packageDir - the installed package.
 * @param target - where the browser shall be. Its parent must belong to this user.
 * @returns `target`, with `chromium`, `al2023/lib` and `fonts.conf` in it.
 * @throws {AttuneError} `VERIFY_BROWSER_UNPACK`
 */
export async function unpackBrowser(packageDir: string, target: string): Promise<string> {
  const parent = path.dirname(target);
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await checkOwner(parent);
    if (await isComplete(target)) return target;
    await checkSpace(parent);
    const staging = await createStaging(target);
    try {
      await runProgram(packageDir, staging.dir);
      await staging.write("fonts.conf", new TextEncoder().encode(fontsConfig));
      await staging.write(inventoryName, jsonBytes(await measureFiles(staging.dir)));
      await staging.commit(isComplete);
    } finally {
      await staging.discard();
    }
    return target;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("VERIFY_BROWSER_UNPACK", { dir: parent, reason }, { cause });
  }
}

async function runProgram(packageDir: string, dir: string): Promise<void> {
  const entry = path.join(packageDir, "build", "index.js");
  const files = parts.map((part) => path.join(packageDir, "bin", part));
  const { NODE_OPTIONS: _unused, ...env } = process.env;
  try {
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program, entry, ...files], {
      env: { ...env, TMPDIR: dir },
    });
  } catch (cause) {
    const { stderr = "" } = cause as { readonly stderr?: string };
    const line = /^\w*Error.*$/m.exec(stderr)?.[0] ?? "the unpacking process ended early";
    throw new Error(line, { cause });
  }
}

/** Whether every file of the inventory is there with its size. */
async function isComplete(dir: string): Promise<boolean> {
  try {
    const inventory: Record<string, number> = JSON.parse(
      await readFile(path.join(dir, inventoryName), "utf8"),
    );
    const sizes = await Promise.all(Object.keys(inventory).map((name) => stat(path.join(dir, name))));
    return Object.values(inventory).every((size, at) => sizes[at]!.size === size);
  } catch {
    return false;
  }
}

async function measureFiles(dir: string): Promise<Record<string, number>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return Object.fromEntries(files.map((file, at) => [path.relative(dir, file), sizes[at]!]));
}

/** Temporary folders are open to all: a folder of our name may be someone else's, and we would run what lies in it. */
async function checkOwner(dir: string): Promise<void> {
  const found = await lstat(dir);
  const user = process.getuid?.() ?? found.uid;
  const isOpen = (found.mode & 0o022) !== 0;
  if (!found.isDirectory() || found.uid !== user || isOpen)
    throw new Error("it is not a folder that only you can write to");
}

async function checkSpace(dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  const freeBytes = bavail * bsize;
  if (freeBytes >= neededBytes) return;
  const [needed, free] = [neededBytes, freeBytes].map((bytes) => `${Math.floor(bytes / 1e6)} MB`);
  throw new Error(`it needs ${needed} of disk, ${free} are free`);
}
