/** What every reader of a request shares: lines of what is wrong, thrown together. */
import { AttuneError } from "@attune/contracts";

/** Problems in one answer; nobody reads more. */
export const maxIssues = 50;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The failure of a request, with the first problems. */
export function invalid(issues: readonly string[]): AttuneError {
  const shown = issues.slice(0, maxIssues);
  if (issues.length > maxIssues) shown.push("… and more; the list stops here");
  return new AttuneError("REQUEST_INVALID", { issues: shown });
}

/** A caller's name in a message: quoted and short. */
export function quote(name: unknown): string {
  const text = typeof name === "string" ? name : typeof name;
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
