/** Looks for a browser that is installed on the machine. */
import { accessSync, constants } from "node:fs";
import path from "node:path";

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

/** The first executable on PATH or in the usual places. */
export function findSystemBrowser(searchPath: string, platform: NodeJS.Platform): string | undefined {
  return [...onPath(searchPath, platform), ...(fixedPlaces[platform] ?? [])].find(isExecutable);
}

/** What `findSystemBrowser` looks at, for people. */
export function systemPlaces(platform: NodeJS.Platform): readonly string[] {
  return [`${programs.join(", ")} on PATH`, ...(fixedPlaces[platform] ?? [])];
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(searchPath: string, platform: NodeJS.Platform): string[] {
  const suffix = platform === "win32" ? ".exe" : "";
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== "");
  return programs.flatMap((program) => folders.map((folder) => path.join(folder, program + suffix)));
}
