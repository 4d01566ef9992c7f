/** Finds a Chromium on this machine. Nothing is downloaded. */
import { AttuneError } from "@attune/contracts";
import type { Chromium } from "./chromium.ts";
import { findNpmBrowser, npmBrowserPackage } from "./npm/npm-browser.ts";
import { findSystemBrowser, isExecutable, systemPlaces } from "./system-browser.ts";

/** What decides which browser is taken. */
export type ChromiumEnv = Readonly<Record<string, string | undefined>>;

/**
 * `CHROMIUM_PATH` when it is set, and then nothing else; otherwise the first found on PATH or in the usual places, unless
 * `ATTUNE_NO_SYSTEM_BROWSER=1`; otherwise the one that the npm package carries, unless `ATTUNE_NO_NPM_BROWSER=1`.
 *
 * The npm package's browser is unpacked at its first use, which takes seconds.
 *
 * @throws {AttuneError} `VERIFY_NO_BROWSER` with everything tried; `VERIFY_BROWSER_UNPACK`.
 */
export async function findChromium(
  env: ChromiumEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Promise<Chromium> {
  if (env.CHROMIUM_PATH) {
    if (isExecutable(env.CHROMIUM_PATH))
      return { executablePath: env.CHROMIUM_PATH, env: {}, origin: "CHROMIUM_PATH" };
    throw new AttuneError("VERIFY_NO_BROWSER", { tried: [`CHROMIUM_PATH=${env.CHROMIUM_PATH}`] });
  }
  const tried: string[] = [];
  if (env.ATTUNE_NO_SYSTEM_BROWSER === "1") {
    tried.push("not the system's, ATTUNE_NO_SYSTEM_BROWSER is set");
  } else {
    const executablePath = findSystemBrowser(env.PATH ?? "", platform);
    if (executablePath !== undefined) return { executablePath, env: {}, origin: "system" };
    tried.push(...systemPlaces(platform));
  }
  if (env.ATTUNE_NO_NPM_BROWSER === "1") {
    tried.push(`not the npm package ${npmBrowserPackage}, ATTUNE_NO_NPM_BROWSER is set`);
  } else {
    const found = await findNpmBrowser(env, platform);
    if (typeof found !== "string") return found;
    tried.push(`the npm package ${npmBrowserPackage}, ${found}`);
  }
  throw new AttuneError("VERIFY_NO_BROWSER", { tried });
}
