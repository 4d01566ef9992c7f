/** What every check of a request shares: shapes, and values shown in a message. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `path` without its last dot, for the problem of a whole request. */
export function requestProblem(request: unknown, path: string): string {
  return `${path === "" ? "(root)" : path.slice(0, -1)}: expected an object, got ${show(request)}`;
}

const shownNames = 20;

/** One line per key that is not among the known ones. */
export function checkKeys(
  value: Record<string, unknown>,
  known: readonly string[],
  path: string,
  issues: string[],
): void {
  for (const key in value) {
    if (known.includes(key)) continue;
    const rest = known.length > shownNames ? ` and ${known.length - shownNames} more` : "";
    const names = known.length === 0 ? "there is none" : `known are ${known.slice(0, shownNames).join(", ")}`;
    issues.push(`${path}${key.slice(0, 60)}: unknown; ${names}${rest}`);
  }
}

/** A value in an error message: short, and never more than its kind for lists and objects. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}
