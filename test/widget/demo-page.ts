/** The built pages, the real server and a real browser, for the tests of this folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer, type Server, type ServerOptions } from "@attune/server";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { findChromium } from "../../packages/cli/src/chromium/find.ts";
import { launchChromium } from "../../packages/cli/src/chromium/launch.ts";

const widgetDir = path.resolve(import.meta.dirname, "../../apps/widget");

/** Widths a page must be at home in. */
export const layouts = {
  narrow: { width: 360, height: 740 },
  wide: { width: 1440, height: 900 },
} as const;

export interface PageOptions {
  readonly layout?: keyof typeof layouts;
  readonly colorScheme?: "light" | "dark";
  readonly reducedMotion?: "reduce" | "no-preference";
  /** Where to go; default the demo. */
  readonly path?: string;
  /** Called before the page is opened: to break something. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** A page and everything it complained about or asked of anyone. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors and warnings, page errors, failed requests. */
  readonly complaints: string[];
  /** Every address that was asked for. */
  readonly requests: string[];
}

export interface Bench {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly pagesDir: string;
  open(options?: PageOptions): Promise<WatchedPage>;
  /** Another server of the same pages and artifact, closed after the test. */
  serve(options: Partial<ServerOptions>): Promise<Server>;
}

function writeFiles(dir: string, files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(dir);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(dir, name), bytes);
}

async function buildPages(outDir: string): Promise<void> {
  await build({
    root: widgetDir,
    configFile: path.join(widgetDir, "vite.config.ts"),
    logLevel: "error",
    build: { outDir, emptyOutDir: true },
  });
}

/**
 * Builds the pages, serves them with an artifact's files and starts a browser; all of it ends with the test file.
 *
 * @param more - further files beside the pages, by name.
 */
export function createBench(
  artifact: Readonly<Record<string, Uint8Array>>,
  more: Readonly<Record<string, string>> = {},
): () => Bench {
  let dir: string;
  let server: Server;
  let browser: Browser;
  let bench: Bench;

  beforeAll(async () => {
    dir = mkdtempSync(path.join(tmpdir(), "attune-widget-"));
    const pagesDir = path.join(dir, "pages");
    const artifactDir = path.join(dir, "artifact");
    writeFiles(artifactDir, artifact);
    await buildPages(pagesDir);
    for (const [name, text] of Object.entries(more)) writeFileSync(path.join(pagesDir, name), text);
    server = await createServer({ artifactDir, assetsDir: pagesDir, port: 0 });
    await server.ready;
    browser = await launchChromium(await findChromium());
    bench = {
      url: server.url,
      pagesDir,
      open: (options = {}) => openPage(browser, server.url, options),
      async serve(options) {
        const another = await createServer({ artifactDir, assetsDir: pagesDir, port: 0, ...options });
        onTestFinished(() => another.close());
        await another.ready;
        return another;
      },
    };
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  return () => bench;
}

async function openPage(browser: Browser, url: string, options: PageOptions): Promise<WatchedPage> {
  const { layout = "wide", colorScheme = "light", reducedMotion = "reduce", path: target = "/" } = options;
  const context: BrowserContext = await browser.newContext({
    viewport: layouts[layout],
    colorScheme,
    reducedMotion,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (line) => {
    if (line.type() === "error" || line.type() === "warning") complaints.push(line.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => {
    // The demo takes back a question that newer picks have replaced.
    const isTakenBack =
      request.failure()?.errorText === "net::ERR_ABORTED" && request.url().endsWith("/v1/recommend");
    if (!isTakenBack) complaints.push(`failed: ${request.url()}`);
  });
  context.on("request", (request) => requests.push(request.url()));
  await options.prepare?.(page);
  await page.goto(new URL(target, url).href);
  return { page, complaints, requests };
}

/** Flips one byte of the model on its way to the page. */
export async function damageModel(page: Page): Promise<void> {
  await page.context().route("**/model.onnx*", async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[body.length >> 1]! ^= 0xff;
    await route.fulfill({ response, body });
  });
}

/** Titles of a list, best first: of the tab's element or of the server's. */
export function titlesOf(page: Page, side: "here" | "there"): Promise<string[]> {
  return page.locator(`#${side} li .title`).allTextContents();
}

/** Waits until both answers to the newest picks were compared. */
export async function waitForVerdict(page: Page, verdict: string): Promise<void> {
  await page.locator(`#verdict[data-verdict="${verdict}"]`).waitFor();
  await page.locator(".poster").first().waitFor();
}
