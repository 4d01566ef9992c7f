/** Builds a page of this folder with Vite, from the packages' sources, into a folder of its own. */
import path from "node:path";
import { build } from "vite";

/**
 * @param outDir - emptied first.
 * @param page - folder of the page.
 */
export async function buildPage(outDir: string, page = "page"): Promise<void> {
  await build({
    root: path.join(import.meta.dirname, page),
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@attune/source", "browser", "module", "import", "default"] },
    build: { outDir, emptyOutDir: true, target: "es2023" },
  });
}
