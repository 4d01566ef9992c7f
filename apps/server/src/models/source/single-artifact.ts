/** One artifact's folder as a repository of one: name and version are those of its manifest. */
import { type Candidate, readManifest, type VersionSource } from "./version-source.ts";

/** @param dir - may be a symbolic link that is moved to the next release. */
export function singleArtifact(dir: string): VersionSource {
  return {
    kind: "artifact",
    async scan() {
      const { name, version } = await readManifest(dir);
      const candidate: Candidate = { name, version, dir };
      return {
        models: new Map([[name, new Map([[version, candidate]])]]),
        warnings: [],
        aliases: undefined,
      };
    },
  };
}
