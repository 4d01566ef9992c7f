import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findChromium } from "./find.ts";
import { launchChromium } from "./launch.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-find-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function program(name: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

test("CHROMIUM_PATH wins over PATH", async () => {
  program("chromium");
  const own = program("my-browser");
  const found = await findChromium({ CHROMIUM_PATH: own, PATH: dir, ATTUNE_NO_SYSTEM_BROWSER: "1" }, "linux");
  expect(found).toEqual({ executablePath: own, env: {}, origin: "CHROMIUM_PATH" });
});

test("PATH is searched in the order of the names", async () => {
  program("google-chrome");
  const first = program("chromium-browser");
  expect(await findChromium({ PATH: dir }, "linux")).toMatchObject({
    executablePath: first,
    origin: "system",
  });
});

test("a CHROMIUM_PATH that is not there is refused, even when PATH and npm have a browser", async () => {
  program("chromium");
  const missing = path.join(dir, "nothing");
  await expect(findChromium({ CHROMIUM_PATH: missing, PATH: dir }, "linux")).rejects.toMatchObject({
    code: "VERIFY_NO_BROWSER",
    message: expect.stringContaining(missing),
  });
});

test("without any browser the error lists what was tried, and why not", async () => {
  await expect(findChromium({ PATH: dir }, "aix")).rejects.toThrow(
    /chromium, chromium-browser.*on PATH; the npm package @sparticuz\/chromium, which is for Linux on x64 only/,
  );
  program("chromium");
  const none = { PATH: dir, ATTUNE_NO_SYSTEM_BROWSER: "1", ATTUNE_NO_NPM_BROWSER: "1" };
  await expect(findChromium(none, "linux")).rejects.toThrow(
    /ATTUNE_NO_SYSTEM_BROWSER is set; .*ATTUNE_NO_NPM_BROWSER is set/,
  );
});

// The package carries a browser for one platform; elsewhere the error says so.
const hasNpmBrowser = process.platform === "linux" && process.arch === "x64";

test("the browser of npm starts where the system's is left out, and changes nothing of this process", async () => {
  const before = { ...process.env };
  const found = findChromium({ PATH: "", ATTUNE_NO_SYSTEM_BROWSER: "1", LD_LIBRARY_PATH: dir });
  if (!hasNpmBrowser) return expect(found).rejects.toThrow("Linux on x64 only");
  const chromium = await found;
  expect(chromium.origin).toBe("npm");
  expect(chromium.env.LD_LIBRARY_PATH).toMatch(new RegExp(`/al2023/lib:${dir}$`));
  const browser = await launchChromium(chromium);
  try {
    const page = await browser.newPage();
    expect(await page.evaluate("navigator.userAgent")).toContain("HeadlessChrome");
  } finally {
    await browser.close();
  }
  expect(process.env).toEqual(before);
});

test("text has a size where the machine has no font", async () => {
  const found = findChromium({ PATH: "", ATTUNE_NO_SYSTEM_BROWSER: "1" });
  if (!hasNpmBrowser) return expect(found).rejects.toThrow("Linux on x64 only");
  const chromium = await found;
  const own = chromium.env.FONTCONFIG_FILE!;
  const withoutMachine = path.join(dir, "fonts.conf");
  const config = readFileSync(own, "utf8")
    .replace(/<include.*/, "")
    .replace('<dir prefix="relative">', `<dir>${path.dirname(own)}/`);
  writeFileSync(withoutMachine, config);
  const browser = await launchChromium({
    ...chromium,
    env: { ...chromium.env, FONTCONFIG_FILE: withoutMachine },
  });
  try {
    const page = await browser.newPage();
    await page.setContent("<span>text</span>");
    const box = await page.locator("span").boundingBox();
    expect(box?.width).toBeGreaterThan(10);
  } finally {
    await browser.close();
  }
});
