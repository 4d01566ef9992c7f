/** What became of a release, in the lines that stay on the terminal. */
import pc from "picocolors";
import { isStepBack, type ReleaseVerdict } from "./verdict.ts";

/** Nothing for a first version and for one that was there. */
export function describeRelease(verdict: ReleaseVerdict): string | undefined {
  const { kind, reason } = verdict;
  if (kind === "first" || kind === "same") return undefined;
  if (kind === "sound") return `Release: ${reason}.`;
  const title = isStepBack(verdict)
    ? "Released though it is a step back"
    : "The released model is not personal";
  return pc.bold(pc.yellow(`${title}: ${reason}.`));
}
