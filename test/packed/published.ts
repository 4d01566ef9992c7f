/** What we publish, from the package.json of each package. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./consumer.ts";

export interface PublishedManifest {
  readonly name: string;
  readonly version: string;
  readonly engines?: { readonly node?: string };
  readonly sideEffects: false | readonly string[];
  readonly publishConfig?: { readonly access?: string };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Published extends PublishedManifest {
  /** Its folder in the repository. */
  readonly dir: string;
  /** What a program in Node imports from it, `"@attune/contracts/config"`. */
  readonly entries: readonly string[];
  /** True when it does not run on Node 20. */
  readonly needsNewer: boolean;
}

/** A custom element and a worker's own file load in a browser alone; the check of Node's version is there to throw. */
const notForAll: ReadonlySet<string> = new Set([
  "@attune/widget",
  "@attune/runtime-web/worker",
  "@attune/store/require-node",
]);

export function publishedManifests(): readonly Published[] {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(path.join(root, group)).map((name) => path.join(root, group, name)))
    .filter((dir) => existsSync(path.join(dir, "package.json")))
    .map((dir) => ({ dir, manifest: JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8")) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ dir, manifest }): Published => {
      const { name, exports, engines } = manifest as PublishedManifest;
      const entries = Object.keys(exports)
        .filter((entry) => entry !== "./package.json")
        .map((entry) => path.posix.join(name, entry))
        .filter((entry) => !notForAll.has(entry));
      return {
        ...manifest,
        dir,
        entries,
        forNode: entries.length > 0,
        needsNewer: engines?.node === ">=22.12",
      };
    });
}
