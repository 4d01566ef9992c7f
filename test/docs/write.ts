/** `pnpm generate:docs` */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pages } from "./pages.ts";

for (const [file, text] of Object.entries(pages)) {
  writeFileSync(path.resolve(import.meta.dirname, "../../docs", file), text());
}
