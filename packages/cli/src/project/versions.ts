/** Versions of the tools that make an artifact, for its manifest. */
import { readFileSync } from "node:fs";

/** The same relative place from `src/project/` and from the built `dist/`. */
function ownVersion(): string {
  for (const place of ["../../package.json", "../package.json"]) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")) as {
        name: string;
        version: string;
      };
      if (manifest.name === "@attune/cli") return manifest.version;
    } catch {
      // The other place has it.
    }
  }
  return "unknown";
}

export function toolVersions(): Record<string, string> {
  return { attune: ownVersion(), node: process.versions.node };
}
