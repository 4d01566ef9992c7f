/** Opens a page in a headless Chromium, hands it to a function and always closes the browser. */
import { AttuneError, isAttuneError } from "@attune/contracts";
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium } from "./find.ts";

const flags = [
  // Chromium refuses its sandbox as root and in most containers; the page is our own, from this machine.
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface ChromiumOptions {
  /** Default: `findChromium()`. */
  readonly executablePath?: string;
  /** For the page to load, and for each wait inside. Default 60 000. */
  readonly timeoutMs?: number;
}

/**
 * Loads `url` and runs `use` with the page.
 *
 * @throws {AttuneError} `VERIFY_NO_BROWSER`; `VERIFY_BROWSER` when the browser does not start, the page does not load or
 * `use` fails, with the errors the page itself reported. An `AttuneError` of `use` passes as it is.
 */
export async function withChromiumPage<T>(
  url: string,
  use: (page: Page) => Promise<T>,
  { executablePath = findChromium(), timeoutMs = 60_000 }: ChromiumOptions = {},
): Promise<T> {
  const browser = await launch(executablePath, timeoutMs);
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
    throw browserError([reasonOf(cause), ...reported].join("; "), cause);
  } finally {
    await browser.close();
  }
}

async function launch(executablePath: string, timeoutMs: number): Promise<Browser> {
  try {
    return await chromium.launch({ executablePath, headless: true, args: flags, timeout: timeoutMs });
  } catch (cause) {
    throw browserError(`${executablePath} does not start (${reasonOf(cause)})`, cause);
  }
}

function browserError(reason: string, cause: unknown): AttuneError {
  return new AttuneError("VERIFY_BROWSER", { reason }, { cause });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
