import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeAside, removeAside, replacedPath } from "./aside.ts";

const packageDir = path.resolve(import.meta.dirname, "../..");

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "attune-aside-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Another process that has made a folder in `root` and waits. */
async function startOwner(): Promise<{ readonly child: ChildProcess; readonly aside: string }> {
  const script = `
    import { makeAside } from "./src/staging/aside.ts";
    process.stdout.write(await makeAside(process.argv[1]));
    setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ["--conditions=@attune/source", "--input-type=module-typescript", "-e", script, root],
    { cwd: packageDir, stdio: ["ignore", "pipe", "ignore"] },
  );
  const [aside] = await once(child.stdout!, "data");
  return { child, aside: String(aside) };
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

test("what a killed process left is removed, what a running one uses is not", async () => {
  const { child, aside } = await startOwner();
  try {
    writeFileSync(path.join(aside, "half"), "");
    await removeAside(await makeAside(root));
    expect(readdirSync(root)).toEqual([path.basename(aside)]);
  } finally {
    await kill(child);
  }
  const own = await makeAside(root);

  expect(readdirSync(root)).toEqual([path.basename(own)]);
});

test("killed between its two renames, a process leaves what stood there to be put back", async () => {
  const { child, aside } = await startOwner();
  await kill(child);
  mkdirSync(replacedPath(aside, "target"), { recursive: true });
  writeFileSync(path.join(replacedPath(aside, "target"), "x"), "old");
  await removeAside(await makeAside(root));

  expect(readdirSync(root)).toEqual(["target"]);
  expect(readFileSync(path.join(root, "target", "x"), "utf8")).toBe("old");
});

test("killed after them, it leaves the new one alone", async () => {
  const { child, aside } = await startOwner();
  await kill(child);
  mkdirSync(replacedPath(aside, "target"), { recursive: true });
  writeFileSync(path.join(replacedPath(aside, "target"), "x"), "old");
  mkdirSync(path.join(root, "target"));
  writeFileSync(path.join(root, "target", "x"), "new");
  await removeAside(await makeAside(root));

  expect(readdirSync(root)).toEqual(["target"]);
  expect(readFileSync(path.join(root, "target", "x"), "utf8")).toBe("new");
});

test("folders of this process, of another host and of another make stay", async () => {
  const others = [".staging-00000000-999999999-abcdef", ".staging-abcdef", ".staging-99999-abcdef"];
  for (const name of others) mkdirSync(path.join(root, name));
  const first = await makeAside(root);
  const second = await makeAside(root);

  expect(readdirSync(root).sort()).toEqual([...others, path.basename(first), path.basename(second)].sort());
});
