// A machine without any browser: quickstart ends in a model all the same, and says what it could not do.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commands } from "./commands/index.ts";
import { runCommand } from "./run.ts";
import { writeSmallShop } from "./testing/small-shop.ts";
import { createFolder, createIo, type Folder } from "./testing/terminal.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
  writeSmallShop(folder);
});
afterEach(() => folder.remove());

interface Answer {
  readonly artifact: { readonly path: string };
  readonly parity: Readonly<Record<string, unknown>>;
  readonly unverified?: { readonly web: string };
}

async function run(...argv: string[]): Promise<{ code: number; answer: Answer; said: string }> {
  const said: string[] = [];
  let answer: unknown;
  const env = { PATH: process.env.PATH, ATTUNE_NO_SYSTEM_BROWSER: "1", ATTUNE_NO_NPM_BROWSER: "1" };
  const io = createIo(folder.dir, said, {
    env,
    json: true,
    result: (value) => {
      answer = value;
    },
  });
  const code = await runCommand(commands, [...argv, "--json"], io);
  return { code, answer: answer as Answer, said: said.join("\n") };
}

test("without any browser quickstart goes on and the manifest says the web half is not verified", async () => {
  const { code, answer, said } = await run("quickstart", "--no-serve");
  expect(code, said).toBe(0);
  expect(Object.keys(answer.parity)).toEqual(["node"]);
  expect(answer.unverified).toEqual({ web: "no browser was found" });
  expect(said).toContain("Not verified in a browser: no Chromium found");
  const manifest = readFileSync(path.resolve(folder.dir, answer.artifact.path, "manifest.json"), "utf8");
  expect(JSON.parse(manifest).unverified).toEqual({ web: "no browser was found" });
});
