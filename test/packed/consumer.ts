/** Packs what we publish and installs it into an empty project, as an integrator does. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, "../..");
const windows = process.platform === "win32";

export interface Consumer {
  readonly dir: string;
  /** Writes a file of the project. */
  write(name: string, content: string | Uint8Array): void;
  /** Runs a module of the project on the project's Node, without any condition of ours. */
  node(file: string): Promise<{ stdout: string; stderr: string }>;
  remove(): void;
}

/** @param names - package folders, `["contracts", "runtime"]` */
export async function createConsumer(names: readonly string[]): Promise<Consumer> {
  const turbo = path.join(root, "node_modules/.bin/turbo");
  await run(turbo, ["run", "build", "--output-logs=errors-only"], { cwd: root, shell: windows });
  const dir = mkdtempSync(path.join(os.tmpdir(), "attune-consumer-"));
  const tarballs = path.join(dir, "tarballs");
  await run(process.execPath, [path.join(root, "scripts/pack.mjs"), tarballs], { cwd: root });
  const wanted = readdirSync(tarballs).filter((file) =>
    names.some((name) => file.startsWith(`attune-${name}-0`)),
  );
  if (wanted.length !== names.length) throw new Error(`packed ${readdirSync(tarballs)}, wanted ${names}`);
  const app = path.join(dir, "app");
  mkdirSync(app);
  writeFileSync(
    path.join(app, "package.json"),
    JSON.stringify({ name: "app", private: true, type: "module" }),
  );
  await run(
    "npm",
    [
      "install",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      ...wanted.map((file) => `../tarballs/${file}`),
    ],
    {
      cwd: app,
      shell: windows,
      // onnxruntime-node would fetch a CUDA library at install; the README says how to keep it off.
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
    },
  );
  return {
    dir: app,
    write(name, content) {
      mkdirSync(path.dirname(path.join(app, name)), { recursive: true });
      writeFileSync(path.join(app, name), content);
    },
    node: (file) => run(process.execPath, [file], { cwd: app }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
