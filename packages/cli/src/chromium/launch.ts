/** Opens a page in a headless Chromium, hands it to a function and always closes the browser. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import { type Browser, type Page, chromium as playwright } from "playwright-core";
import type { Chromium } from "./chromium.ts";
import { findChromium } from "./find.ts";
import { isSandboxRefused, startReason } from "./start-reason.ts";

const flags = [
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Chromium looks up names of its own at each start; our pages need none.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** For people, when a browser is about to run without its sandbox. */
export const unsandboxedNotice =
  "This machine gives the browser no sandbox; it runs without one, and opens nothing but our own page.";

export interface LaunchOptions {
  /** For the browser to start. Default 60 000. */
  readonly timeoutMs?: number;
  /** Default: whether this process is root's. */
  readonly isRoot?: boolean;
  /** Called when the machine has no sandbox for the browser, before it is started without. */
  readonly onUnsandboxed?: () => void;
}

/**
 * Starts a headless browser, in its sandbox unless that cannot be: Chromium refuses it as root, and where the kernel
 * forbids user namespaces (many containers) there is none. It is then started without, because every page opened here is
 * our own, from this machine; docs/decisions has the reasons.
 *
 * @throws {AttuneError} `VERIFY_BROWSER_START`
 */
export async function launchChromium(
  browser: Chromium,
  { timeoutMs = 60_000, isRoot = process.getuid?.() === 0, onUnsandboxed }: LaunchOptions = {},
): Promise<Browser> {
  const { executablePath, origin } = browser;
  const start = (chromiumSandbox: boolean) =>
    playwright.launch({
      executablePath,
      headless: true,
      chromiumSandbox,
      args: flags,
      timeout: timeoutMs,
      env: { ...process.env, ...browser.env },
    });
  try {
    if (isRoot) return await start(false);
    try {
      return await start(true);
    } catch (cause) {
      if (!isSandboxRefused(cause)) throw cause;
      onUnsandboxed?.();
      return await start(false);
    }
  } catch (cause) {
    const details = { executablePath, origin, reason: startReason(cause) };
    throw new AttuneError("VERIFY_BROWSER_START", details, { cause });
  }
}

export interface ChromiumOptions extends LaunchOptions {
  /** Default: `findChromium()`. */
  readonly chromium?: Chromium;
  /** For the browser to start, the page to load, and for each wait inside. Default 60 000. */
  readonly timeoutMs?: number;
}

/**
 * Loads `url` and runs `use` with the page.
 *
 * @throws {AttuneError} `VERIFY_NO_BROWSER`, `VERIFY_BROWSER_UNPACK`, `VERIFY_BROWSER_START`; `VERIFY_BROWSER` when the
 * page does not load or `use` fails, with the errors the page itself reported. An `AttuneError` of `use` passes as it is.
 */
export async function withChromiumPage<T>(
  url: string,
  use: (page: Page) => Promise<T>,
  options: ChromiumOptions = {},
): Promise<T> {
  const { timeoutMs = 60_000 } = options;
  const browser = await launchChromium(options.chromium ?? (await findChromium()), options);
  const reported: string[] = [];
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(timeoutMs);
    page.on("pageerror", (error) => reported.push(error.message));
    page.on("console", (line) => {
      if (line.type() === "error") reported.push(line.text());
    });
    const response = await page.goto(url);
    if (response !== null && !response.ok()) throw new Error(`${url} answers HTTP ${response.status()}`);
    return await use(page);
  } catch (cause) {
    if (isAttuneError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AttuneError("VERIFY_BROWSER", { reason: [reason, ...reported].join("; ") }, { cause });
  } finally {
    await browser.close();
  }
}
