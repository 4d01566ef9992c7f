/** Parity in a browser: serves the artifact and the parity page, opens them in Chromium, reads the figures back. */
import { existsSync } from "node:fs";
import path from "node:path";
import { AttuneError, type ErrorCode, type WireError } from "@attune/contracts";
import type { MeasuredParity } from "@attune/runtime";
import { type ChromiumEnv, findChromium } from "../chromium/find.ts";
import { unsandboxedNotice, withChromiumPage } from "../chromium/launch.ts";
import { serveFolders } from "../chromium/static-server.ts";
import { widgetAssets } from "../project/assets.ts";

type Answer =
  | { readonly ok: true; readonly result: MeasuredParity }
  | { readonly ok: false; readonly error: WireError };

/** What parity.html of @attune/widget puts on its window. */
interface ParityWindow {
  attuneParity?(options: { baseUrl: string }): Promise<Answer>;
}

/**
 * @param say - takes a line for people: that the browser runs without a sandbox.
 * @throws {AttuneError} `VERIFY_NO_BROWSER`, `VERIFY_BROWSER_UNPACK` and `VERIFY_BROWSER_START` when no browser can be
 * started, `VERIFY_BROWSER` when the page fails, or the page's own error under its code.
 */
export async function measureWeb(
  artifactDir: string,
  env: ChromiumEnv,
  say: (line: string) => void,
): Promise<MeasuredParity> {
  const chromium = await findChromium(env);
  const assets = widgetAssets();
  if (!existsSync(path.join(assets, "parity.html"))) {
    throw new AttuneError("VERIFY_BROWSER", {
      reason: "the browser files are not built; run `pnpm build` first",
    });
  }
  const server = await serveFolders({ folders: { "/": assets, "/artifact/": artifactDir } });
  try {
    const answer = await withChromiumPage(`${server.url}/parity.html`, measure, {
      chromium,
      onUnsandboxed: () => say(unsandboxedNotice),
    });
    if (answer.ok) return answer.result;
    // The page's error is one of our table, as data.
    throw new AttuneError(answer.error.code as ErrorCode, answer.error.details as never);
  } finally {
    await server.close();
  }
}

async function measure(page: Parameters<Parameters<typeof withChromiumPage>[1]>[0]): Promise<Answer> {
  await page.waitForFunction(() => (globalThis as ParityWindow).attuneParity !== undefined);
  return page.evaluate(() => (globalThis as ParityWindow).attuneParity!({ baseUrl: "/artifact/" }));
}
