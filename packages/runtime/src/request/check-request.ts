/**
 * Hand-written check of a recommend request: the rules of the schema in `contracts` plus the artifact's limits.
 * It runs on every request: one to three microseconds for ten to thirty entries, no text built unless one is wrong.
 */
import { weightRange } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";

/** The artifact's limits on one request. */
export type RequestLimits = ArtifactManifest["limits"];

const knownKeys = ["history", "exclude", "k"];
const knownEntryKeys = ["item", "weight"];

/**
 * Appends one line per problem, `path: what is wrong`, to `issues`.
 *
 * @param path - prefix of each path: `""`, or `"requests[2]."`.
 */
export function checkRequest(request: unknown, limits: RequestLimits, path: string, issues: string[]): void {
  if (!isRecord(request)) {
    issues.push(`${path === "" ? "(root)" : path.slice(0, -1)}: expected an object, got ${show(request)}`);
    return;
  }
  checkKeys(request, knownKeys, path, issues);
  checkHistory(request.history, limits.maxHistory, `${path}history`, issues);
  if (request.exclude !== undefined) {
    checkExclude(request.exclude, limits.maxExclude, `${path}exclude`, issues);
  }
  const { k } = request;
  if (k !== undefined && !(typeof k === "number" && Number.isInteger(k) && k >= 1 && k <= limits.maxK)) {
    issues.push(`${path}k: expected an integer from 1 to ${limits.maxK}, got ${show(k)}`);
  }
}

function checkHistory(history: unknown, maxLength: number, path: string, issues: string[]): void {
  if (!isList(history, maxLength, path, issues)) return;
  for (let index = 0; index < history.length; index++) {
    const entry: unknown = history[index];
    if (typeof entry === "string") {
      if (!isId(entry)) issues.push(`${path}[${index}]: ${idProblem(entry)}`);
    } else {
      checkEntry(entry, `${path}[${index}]`, issues);
    }
  }
}

function checkEntry(entry: unknown, path: string, issues: string[]): void {
  if (!isRecord(entry)) {
    issues.push(`${path}: expected an item id or { item, weight }, got ${show(entry)}`);
    return;
  }
  checkKeys(entry, knownEntryKeys, `${path}.`, issues);
  const { item, weight } = entry;
  if (!isId(item)) issues.push(`${path}.item: ${idProblem(item)}`);
  if (weight === undefined) return;
  if (!(typeof weight === "number" && weight >= weightRange.min && weight <= weightRange.max)) {
    issues.push(
      `${path}.weight: expected a number from ${weightRange.min} to ${weightRange.max}, got ${show(weight)}`,
    );
  }
}

function checkExclude(exclude: unknown, maxLength: number, path: string, issues: string[]): void {
  if (!isList(exclude, maxLength, path, issues)) return;
  for (let index = 0; index < exclude.length; index++) {
    if (!isId(exclude[index])) issues.push(`${path}[${index}]: ${idProblem(exclude[index])}`);
  }
}

/** A list that is too long is reported once and not walked: its length is the caller's, not ours. */
function isList(value: unknown, maxLength: number, path: string, issues: string[]): value is unknown[] {
  if (!Array.isArray(value)) {
    issues.push(`${path}: expected a list, got ${show(value)}`);
    return false;
  }
  if (value.length > maxLength) {
    issues.push(`${path}: ${value.length} entries, at most ${maxLength} are allowed; send the newest`);
    return false;
  }
  return true;
}

function checkKeys(
  value: Record<string, unknown>,
  known: readonly string[],
  path: string,
  issues: string[],
): void {
  for (const key in value) {
    if (!known.includes(key))
      issues.push(`${path}${key.slice(0, 60)}: unknown; known are ${known.join(", ")}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Engines cut strings at NUL, and "" is the graph's padding: neither can name an item. */
function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}

function idProblem(value: unknown): string {
  if (typeof value !== "string") return `expected an item id (a string), got ${show(value)}`;
  return value === "" ? "an item id must not be empty" : "an item id must not hold a NUL character";
}

/** A value in an error message: short, and never more than its kind for lists and objects. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" ? "a function" : String(value);
}
