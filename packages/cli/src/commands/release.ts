/** What `export` and `quickstart` have in common: how a version is released. */
import type { Io } from "../io.ts";
import type { OptionSpecs, OptionValues } from "../option.ts";
import { newestBeside } from "../project/artifacts.ts";
import { describeRelease } from "../release/describe-release.ts";
import type { Release, ReleaseOptions } from "../release/run-export.ts";

/** Options of every command that releases an artifact. */
export const releaseOptions = {
  as: {
    type: "string",
    placeholder: "N",
    description: "version number to write, refused when it holds another export (default: the next free one)",
    range: [1, Number.MAX_SAFE_INTEGER],
  },
  "allow-worse": {
    type: "boolean",
    description:
      "release also what is a step back from the version before; exit with 0 also when no model beat the baseline",
    default: false,
  },
} as const satisfies OptionSpecs;

export function toRelease(values: OptionValues<typeof releaseOptions>): ReleaseOptions {
  const { as: version, "allow-worse": allowWorse } = values;
  return { allowWorse, ...(version !== undefined && { version }) };
}

export function sayRelease({ verdict, dir, manifest: { version } }: Release, io: Io): void {
  const text = describeRelease(verdict);
  if (text !== undefined) io.say(text);
  const newest = newestBeside(dir) ?? version;
  if (newest > version) {
    io.say(
      `Version ${newest} stays the newest: commands take it unless --artifact names version ${version}.`,
    );
  }
}

/** 3 for a release that is the same for everyone: it is written and served, and a pipeline should know. */
export function releaseExitCode({ verdict }: Release, { allowWorse }: ReleaseOptions): number {
  return verdict.kind === "baseline" && allowWorse !== true ? 3 : 0;
}
