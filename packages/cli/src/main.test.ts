// The program as a process: what a terminal's Ctrl-C does to it, and that programs always get one line of JSON.
import { once } from "node:events";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runAttune, startAttune } from "./testing/process.ts";
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
  const child = startAttune(["prepare", "--json"], folder.dir);
  const exit = once(child, "close");
  let text = "";
  let answer = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    answer += chunk.toString("utf8");
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  const says = async (word: string) => {
    while (!text.includes(word)) await once(child.stderr!, "data");
  };
  await says("busy");
  child.kill("SIGINT");
  child.kill("SIGINT");
  await says("again");
  await wait(1100);
  child.kill("SIGINT");
  expect(await exit).toEqual([130, null]);
  expect(JSON.parse(answer)).toMatchObject({ error: { code: "CLI_STOPPED" } });
});

describe("beside --json an error is one line of JSON on stdout", () => {
  const errorOf = (stdout: string): unknown => {
    expect(stdout.match(/\n/g)).toHaveLength(1);
    return (JSON.parse(stdout) as { error: unknown }).error;
  };

  test("of no command", async () => {
    const { code, stdout } = await runAttune(["--json"], folder.dir);
    expect(code).toBe(2);
    expect(errorOf(stdout)).toMatchObject({ code: "CLI_USAGE" });
  });

  test("with --json before the command", async () => {
    const { code, stdout } = await runAttune(["--json", "prepare", "--config", "nowhere"], folder.dir);
    expect(code).toBe(1);
    expect(errorOf(stdout)).toMatchObject({ code: "CONFIG_NOT_FOUND" });
  });

  test.each([
    ["that nobody caught", 'setTimeout(() => { throw new Error("oops"); });'],
    ["of a promise that nobody caught", 'Promise.reject(new Error("oops"));'],
  ])("%s", async (_, script) => {
    folder.write("attune.config.mjs", `${script} await new Promise(() => setInterval(() => {}, 1e6));`);
    const { code, stdout, stderr } = await runAttune(["train", "--json"], folder.dir);
    expect(code).toBe(1);
    expect(errorOf(stdout)).toEqual({ code: "INTERNAL", message: "oops", details: {} });
    expect(stderr).toContain("Unexpected error: Error: oops");
  });
});

describe("beside --json there is one line on stdout, whatever a config does", () => {
  const stopped = { error: { code: "CLI_STOPPED" } };
  test.each([
    ["ends the process", "process.exit(0);", stopped],
    ["waits for what never comes", "await new Promise(() => {});", stopped],
    ["prints", 'console.log("hello"); export default {};', { error: { code: "CONFIG_INVALID" } }],
  ])("that %s", async (_, config, expected) => {
    folder.write("attune.config.mjs", config);
    const { code, stdout } = await runAttune(["train", "--json"], folder.dir);
    expect(code).not.toBe(0);
    expect(JSON.parse(stdout)).toMatchObject(expected);
  });
});

test("--json with a value that it does not take is answered in JSON", async () => {
  const { code, stdout } = await runAttune(["doctor", "--json=yes"], folder.dir);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { details: { problem: "--json takes no value" } } });
});

test.skipIf(process.platform === "win32")("a folder that was removed is said in one line", async () => {
  const { code, stdout } = await runAttune(["recommend", "--json"], folder.dir, { first: 'rmdir "$PWD"' });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "CLI_CANNOT_START" } });
});

test("a script that changes the folder itself means that folder, not the one npm started in", async () => {
  folder.write("attune.config.mjs", "export default {};");
  const env = { INIT_CWD: "/", npm_package_name: "shop" };
  const { stdout } = await runAttune(["train", "--json"], folder.dir, { env });
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "CONFIG_INVALID" } });
});

test("a folder for temporary files that is not there is refused before work", async () => {
  const env = { TMPDIR: path.join(folder.dir, "nowhere") };
  folder.write("attune.config.json", "{}");
  const { stdout } = await runAttune(["train", "--json"], folder.dir, { env });
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
  expect(error.code).toBe("CLI_CANNOT_START");
  expect(error.message).toContain("set TMPDIR to a folder of yours");
});

test("an empty folder without a config says what to do", async () => {
  const { code, stderr } = await runAttune(["quickstart", "--no-serve", "--config", "."], folder.dir);
  expect(code).toBe(1);
  expect(stderr).toContain("run `attune init --events FILE` with your events");
});

test("a reader that goes away ends the program quietly, as `attune … | head` does", async () => {
  folder.write(
    "attune.config.mjs",
    'process.stderr.write("busy\\n"); await new Promise((done) => setTimeout(done, 300)); export default {};',
  );
  const child = startAttune(["prepare", "--json"], folder.dir);
  const exit = once(child, "exit");
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  child.stdout?.destroy();
  expect(await exit).toEqual([141, null]);
  expect(text).not.toMatch(/EPIPE|Unexpected/);
});
