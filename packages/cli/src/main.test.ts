// The program as a process: what a terminal's Ctrl-C does to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFolder, type Folder } from "./testing/terminal.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

test("a second Ctrl-C ends a step that does not look at the first", async () => {
  folder.write(
    "attune.config.mjs",
    'process.stderr.write("busy\\n"); await new Promise(() => setInterval(() => {}, 1e6));',
  );
  const main = path.join(import.meta.dirname, "main.ts");
  const args = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source", main, "prepare"];
  const { INIT_CWD: _, ...env } = process.env;
  const child = spawn(process.execPath, args, { cwd: folder.dir, env, stdio: ["ignore", "ignore", "pipe"] });
  const exit = once(child, "exit");
  let text = "";
  child.stderr.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  const says = async (word: string) => {
    while (!text.includes(word)) await once(child.stderr, "data");
  };
  await says("busy");
  child.kill("SIGINT");
  child.kill("SIGINT");
  await says("again");
  await wait(1100);
  child.kill("SIGINT");
  expect(await exit).toEqual([130, null]);
});
