/** Finds a Chromium on this machine. Nothing is downloaded. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { AttuneError } from "@attune/contracts";

/** Program names looked for on PATH, in this order. */
const programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const fixedPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"],
  darwin: [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  ],
};

/**
 * The path of a Chromium: `CHROMIUM_PATH` when it is set (and then nothing else), otherwise the first found on PATH
 * or in the usual places.
 *
 * @throws {AttuneError} `VERIFY_NO_BROWSER` with everything tried.
 */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const candidates = env.CHROMIUM_PATH
    ? [env.CHROMIUM_PATH]
    : [...onPath(env.PATH ?? "", platform), ...(fixedPlaces[platform] ?? [])];
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  const tried = env.CHROMIUM_PATH
    ? [`CHROMIUM_PATH=${env.CHROMIUM_PATH}`]
    : [`${programs.join(", ")} on PATH`, ...(fixedPlaces[platform] ?? [])];
  throw new AttuneError("VERIFY_NO_BROWSER", { tried });
}

function onPath(searchPath: string, platform: NodeJS.Platform): string[] {
  const suffix = platform === "win32" ? ".exe" : "";
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== "");
  return programs.flatMap((program) => folders.map((folder) => path.join(folder, program + suffix)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
