/** The browser that `verify` would take, by starting it. */
import type { Check } from "./check.ts";

export const browserCheck: Check = {
  name: "chromium",
  needed: "verify in a browser",
  async run(io) {
    const { findChromium } = await import("../chromium/find.ts");
    const { launchChromium } = await import("../chromium/launch.ts");
    const chromium = await findChromium(io.env);
    let sandbox = "";
    const browser = await launchChromium(chromium, {
      onUnsandboxed() {
        sandbox = ", without a sandbox: this machine gives it none";
      },
    });
    try {
      const page = await browser.newPage();
      if ((await page.evaluate("6 * 7")) !== 42) throw new Error("its pages run no script");
      const version = browser.version();
      return `Chromium ${version} starts${sandbox}: ${chromium.executablePath} (${origins[chromium.origin]})`;
    } finally {
      await browser.close();
    }
  },
};

const origins = {
  CHROMIUM_PATH: "from CHROMIUM_PATH",
  system: "of the system",
  npm: "of the npm package @sparticuz/chromium",
} as const;
