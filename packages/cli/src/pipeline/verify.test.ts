// The browser half of verify: demanded, wished for, or left out.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { tinyArtifact } from "@attune/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createIo } from "../testing/terminal.ts";
import { runVerify } from "./verify.ts";

const noBrowser = { ATTUNE_NO_SYSTEM_BROWSER: "1", ATTUNE_NO_NPM_BROWSER: "1" };

let dir = "";
let said: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-verify-"));
  said = [];
  for (const [name, bytes] of Object.entries(tinyArtifact().files))
    writeFileSync(path.join(dir, name), bytes);
});
afterEach(() => rmSync(dir, { recursive: true }));

const io = (env: Readonly<Record<string, string>>) =>
  createIo(dir, said, { env: { PATH: process.env.PATH, ...env } });
const manifestText = () => readFileSync(path.join(dir, "manifest.json"), "utf8");

test("without any browser a wished-for half goes on, and the manifest says that it is not verified", async () => {
  const { parity, unverified } = await runVerify(dir, "if-possible", io(noBrowser));
  expect(Object.keys(parity)).toEqual(["node"]);
  expect(unverified).toEqual({ web: "no browser was found" });
  const manifest = JSON.parse(manifestText());
  expect(manifest.unverified).toEqual({ web: "no browser was found" });
  expect(Object.keys(manifest.parity)).toEqual(["node"]);
  const text = said.join("\n");
  expect(text).toContain("Not verified in a browser: no Chromium found");
  expect(text).toContain("`attune verify` does it later");
});

test("without any browser a demanded half is an error, and nothing is written", async () => {
  const before = manifestText();
  await expect(runVerify(dir, "required", io(noBrowser))).rejects.toMatchObject({
    code: "VERIFY_NO_BROWSER",
  });
  expect(manifestText()).toBe(before);
});

test("a browser that does not start is told of without the places of this machine", async () => {
  const browser = path.join(dir, "browser");
  writeFileSync(browser, "#!/bin/sh\necho 'libnss3.so: cannot open shared object file' >&2; exit 127\n");
  chmodSync(browser, 0o755);
  const { unverified } = await runVerify(dir, "if-possible", io({ CHROMIUM_PATH: browser }));
  expect(unverified).toEqual({ web: "the browser that was found does not start" });
  expect(said.join("\n")).toContain("libnss3.so: cannot open shared object file");
  expect(manifestText()).not.toContain(browser);
});

test("a later run in a browser takes the remark back, and leaving it out then does not bring it again", async () => {
  expect((await runVerify(dir, "skip", io({}))).unverified).toEqual({ web: "it was left out" });
  expect(JSON.parse(manifestText()).unverified).toEqual({ web: "it was left out" });
  const { parity, unverified } = await runVerify(
    dir,
    "required",
    io({ ...process.env } as Record<string, string>),
  );
  expect(Object.keys(parity)).toEqual(["node", "web"]);
  expect(unverified).toBeUndefined();
  expect(JSON.parse(manifestText())).not.toHaveProperty("unverified");
  await runVerify(dir, "skip", io({}));
  expect(JSON.parse(manifestText())).not.toHaveProperty("unverified");
  expect(Object.keys(JSON.parse(manifestText()).parity)).toEqual(["node", "web"]);
});
