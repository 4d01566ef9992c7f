// Every program of "Train with tfjs, run on ONNX Runtime" runs as it stands there, and prints what stands below it.
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withChromiumPage } from "../../packages/cli/src/chromium/launch.ts";
import { serveFolders } from "../../packages/cli/src/chromium/static-server.ts";
import { attune, root } from "../e2e/attune.ts";
import { createProject, readPrograms } from "./programs.ts";

const run = promisify(execFile);
const flags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];
const page = readFileSync(path.join(root, "docs/train-with-tfjs.md"), "utf8");
const programs = readPrograms(page);
const inNode = programs.filter(({ host }) => host === "node");
const inBrowser = programs.filter(({ host }) => host === "browser");

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-docs-"));
  const packages = ["compile", "onnx", "runtime-node", "runtime-web", "tfjs-export", "trace", "train"];
  createProject(dir, packages);
  cpSync(path.join(root, "fixtures/tfjs/sequence/layers"), path.join(dir, "my-model"), { recursive: true });
  cpSync(path.join(root, "fixtures/tfjs/text/graph"), path.join(dir, "my-graph"), { recursive: true });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("the page has programs for Node and for a browser, and each says what it prints", () => {
  expect(inNode.length).toBeGreaterThan(5);
  expect(inBrowser).toHaveLength(1);
  expect(programs.filter(({ prints }) => prints === "")).toEqual([]);
});

describe.each(inNode)("$section", ({ code, commands, prints }) => {
  test.each(commands)("%s", async (command) => {
    const words = /^npx attune (.+)$/.exec(command)?.[1]?.split(" ");
    const { code: exit, stderr } = await attune(words ?? [], dir);
    expect(exit, stderr).toBe(0);
  });

  test("prints what the page says", async () => {
    const file = path.join(dir, "program.js");
    writeFileSync(file, code);
    const { stdout, stderr } = await run(process.execPath, [...flags, file], { cwd: dir });
    expect(stderr).toBe("");
    expect(stdout).toBe(prints);
  });
});

test.each(inBrowser)(
  "$section: Vite bundles it, and it prints in Chromium what the page says",
  async (program) => {
    writeFileSync(
      path.join(dir, "index.html"),
      '<!doctype html><title>page</title><link rel="icon" href="data:," /><script type="module" src="/page.js"></script>',
    );
    writeFileSync(path.join(dir, "page.js"), `${program.code}\ndocument.title = "done";\n`);
    await build({
      root: dir,
      configFile: false,
      logLevel: "error",
      resolve: { conditions: ["@attune/source", "browser", "module", "import", "default"] },
      worker: { format: "es" },
      build: { target: "es2023" },
    });
    const server = await serveFolders({ folders: { "/": path.join(dir, "dist") } });
    const printed: string[] = [];
    try {
      await withChromiumPage("about:blank", async (tab) => {
        tab.on("console", (message) => printed.push(message.text()));
        tab.on("pageerror", (error) => printed.push(String(error)));
        await tab.goto(`${server.url}/index.html`);
        await tab
          .waitForFunction('document.title === "done"', undefined, { timeout: 60_000 })
          .catch(() => {});
      });
    } finally {
      await server.close();
    }
    expect(`${printed.join("\n")}\n`).toBe(program.prints);
  },
  120_000,
);
