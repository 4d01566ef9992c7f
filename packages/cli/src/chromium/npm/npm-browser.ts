/** The browser that an npm package carries, compressed: unpacked once a version, beside other temporary files. */
import { readFileSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Chromium } from "../chromium.ts";
import { unpackBrowser } from "./unpack.ts";

/** Never a dependency of a published package: installed by who wants it. */
export const npmBrowserPackage = "@sparticuz/chromium";

/**
 * @returns the browser, or why there is none: another platform than the package's, or no such package.
 * @throws {AttuneError} `VERIFY_BROWSER_UNPACK`
 */
export async function findNpmBrowser(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Promise<Chromium | string> {
  if (platform !== "linux" || arch() !== "x64") return "which is for Linux on x64 only";
  const packageDir = locatePackage();
  if (packageDir === undefined) return "which is not installed";
  const { version } = JSON.parse(readFileSync(path.join(packageDir, "package.json"), "utf8"));
  const dir = await unpackBrowser(packageDir, path.join(userFolder(), `chromium-${version}`));
  // Its libraries come first even where the system has some of the same name: then it is one browser everywhere.
  const libraries = [path.join(dir, "al2023", "lib"), env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return {
    executablePath: path.join(dir, "chromium"),
    env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: env.FONTCONFIG_FILE ?? path.join(dir, "fonts.conf") },
    origin: "npm",
  };
}

/** Where temporary files go, a folder of this user's own: what lies in it is run. */
function userFolder(): string {
  return path.join(tmpdir(), `attune-${process.getuid?.() ?? "user"}`);
}

function locatePackage(): string | undefined {
  try {
    return path.resolve(path.dirname(fileURLToPath(import.meta.resolve(npmBrowserPackage))), "..");
  } catch {
    return undefined;
  }
}
