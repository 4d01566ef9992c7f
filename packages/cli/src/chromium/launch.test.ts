// Shell scripts in the place of a browser: each fails, or refuses the sandbox, in the words of the real one.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Chromium } from "./chromium.ts";
import { findChromium } from "./find.ts";
import { launchChromium, withChromiumPage } from "./launch.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "attune-launch-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function script(text: string, more: Partial<Chromium> = {}): Chromium {
  const executablePath = path.join(dir, "browser");
  writeFileSync(executablePath, `#!/bin/sh\n${text}\n`);
  chmodSync(executablePath, 0o755);
  return { executablePath, env: {}, origin: "system", ...more };
}

/** The real browser on a machine that gives it no sandbox. */
async function withoutNamespaces(): Promise<Chromium> {
  const real = await findChromium();
  return script(
    `case " $* " in *" --no-sandbox "*) exec "${real.executablePath}" "$@" ;; esac
echo "FATAL:zygote_host_impl_linux.cc No usable sandbox! If you are running on Ubuntu" >&2
exit 1`,
    { env: real.env },
  );
}

test("where the kernel gives no sandbox the browser starts without, and it is said", async () => {
  let notices = 0;
  const options = { isRoot: false, onUnsandboxed: () => notices++ };
  const browser = await launchChromium(await withoutNamespaces(), options);
  await browser.close();
  expect(notices).toBe(1);
});

test("--no-sandbox is given to root, and to nobody else whose browser starts", async () => {
  const flags = (isRoot: boolean) => {
    const browser = script('echo "ended with $*" >&2; exit 1');
    return launchChromium(browser, { isRoot }).catch((error) => String(error.cause?.message));
  };
  expect(await flags(true)).toMatch(/ended with .*--no-sandbox/);
  expect(await flags(false)).not.toMatch(/ended with .*--no-sandbox/);
});

test("a browser that lacks a library is said in its own words, with what to do", async () => {
  const words = "error while loading shared libraries: libnss3.so: cannot open shared object file";
  const browser = script(`echo "$0: ${words}" >&2; exit 127`);
  const message = await launchChromium(browser).catch((error) => error.message);
  expect(message).toContain(`does not start: ${browser.executablePath}: ${words}; `);
  expect(message).toContain("ATTUNE_NO_SYSTEM_BROWSER=1");
  expect(message.split("\n")).toHaveLength(1);
});

test("what is no program is said as a browser that does not start", async () => {
  const executablePath = path.join(dir, "text");
  writeFileSync(executablePath, "");
  const browser = { executablePath, env: {}, origin: "CHROMIUM_PATH" } as const;
  await expect(withChromiumPage("about:blank", async () => 1, { chromium: browser })).rejects.toMatchObject({
    code: "VERIFY_BROWSER_START",
    message: expect.stringContaining("unset it"),
  });
});

test("a page that does not load is another error than a browser that does not start", async () => {
  await expect(withChromiumPage("http://127.0.0.1:1/", async () => 1)).rejects.toMatchObject({
    code: "VERIFY_BROWSER",
  });
});
