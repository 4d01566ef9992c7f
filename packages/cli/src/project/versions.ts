/** Versions of the tools that make an artifact, for its manifest, and of the program itself. */
import { readFileSync } from "node:fs";

/** Names of this package: published, and in the repository. */
const ownNames: ReadonlySet<string> = new Set(["attune", "@attune/cli"]);

/** The version in the package's own manifest. Its relative place differs from `src/project/` and from `dist/`. */
export function ownVersion(): string {
  for (const place of ["../../package.json", "../package.json"]) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")) as {
        name: string;
        version: string;
      };
      if (ownNames.has(manifest.name)) return manifest.version;
    } catch {
      // The other place has it.
    }
  }
  return "unknown";
}

export function toolVersions(): Record<string, string> {
  return { attune: ownVersion(), node: process.versions.node };
}
