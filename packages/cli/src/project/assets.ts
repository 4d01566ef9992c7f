/** Where the built browser files are. */
import path from "node:path";
import { fileURLToPath } from "node:url";

/** `dist` of @attune/widget: the demo page, the parity page and the custom element. */
export function widgetAssets(): string {
  return path.join(path.dirname(fileURLToPath(import.meta.resolve("@attune/widget/package.json"))), "dist");
}
