/**
 * Hand-written check of a recommend request: the rules of the schema in `contracts` plus the artifact's limits.
 * It runs on every request: one to three microseconds for ten to thirty entries, no text built unless one is wrong.
 */
import { maxIdLength, weightRange } from "@attune/contracts";
import type { ArtifactManifest } from "@attune/contracts/manifest";
import { checkColumns } from "../request/columns.ts";
import { checkKeys, isRecord, requestProblem, show } from "../request/problems.ts";
import type { FeedShape } from "./encode-batch.ts";

/** What an artifact takes in one request. */
export interface RequestRules extends FeedShape {
  readonly limits: ArtifactManifest<"recommend">["limits"];
}

/** The rules of an artifact. */
export function requestRules(manifest: ArtifactManifest<"recommend">): RequestRules {
  return {
    limits: manifest.limits,
    columns: manifest.inputs,
    takesTime: manifest.signature.inputs.some(({ name }) => name === "history_time"),
  };
}

const knownKeys = ["history", "exclude", "allow", "features", "k"];
const knownEntryKeys = ["item", "weight", "time"];

/**
 * Appends one line per problem, `path: what is wrong`, to `issues`.
 *
 * Where the graph takes times, all entries have one or none has: ages against nothing would mean nothing.
 *
 * @param path - prefix of each path: `""`, or `"requests[2]."`.
 */
export function checkRequest(request: unknown, rules: RequestRules, path: string, issues: string[]): void {
  if (!isRecord(request)) {
    issues.push(requestProblem(request, path));
    return;
  }
  const { limits, columns, takesTime } = rules;
  const { history, exclude, allow, features, k } = request;
  checkKeys(request, knownKeys, path, issues);
  checkHistory(history, { maxLength: limits.maxHistory, takesTime }, `${path}history`, issues);
  if (exclude !== undefined) checkIds(exclude, limits.maxExclude, `${path}exclude`, issues);
  if (allow !== undefined) checkIds(allow, limits.maxAllow, `${path}allow`, issues);
  if (features !== undefined) checkColumns(features, columns, `${path}features`, issues);
  if (k !== undefined && !(typeof k === "number" && Number.isInteger(k) && k >= 1 && k <= limits.maxK)) {
    issues.push(`${path}k: expected an integer from 1 to ${limits.maxK}, got ${show(k)}`);
  }
}

function checkHistory(
  history: unknown,
  { maxLength, takesTime }: { readonly maxLength: number; readonly takesTime: boolean },
  path: string,
  issues: string[],
): void {
  if (!isList(history, maxLength, path, issues, "; send the newest")) return;
  let timed = 0;
  for (let index = 0; index < history.length; index++) {
    const entry: unknown = history[index];
    if (typeof entry === "string") {
      if (!isId(entry)) issues.push(`${path}[${index}]: ${idProblem(entry)}`);
    } else {
      timed += checkEntry(entry, `${path}[${index}]`, issues);
    }
  }
  if (takesTime && timed > 0 && timed < history.length) {
    issues.push(`${path}: ${timed} of ${history.length} entries have a time; give one to all, or to none`);
  }
}

/** @returns how many times the entry has, 0 or 1. */
function checkEntry(entry: unknown, path: string, issues: string[]): number {
  if (!isRecord(entry)) {
    issues.push(`${path}: expected an item id or { item, weight, time }, got ${show(entry)}`);
    return 0;
  }
  checkKeys(entry, knownEntryKeys, `${path}.`, issues);
  const { item, weight, time } = entry;
  if (!isId(item)) issues.push(`${path}.item: ${idProblem(item)}`);
  if (weight !== undefined) {
    if (!(typeof weight === "number" && weight >= weightRange.min && weight <= weightRange.max)) {
      issues.push(
        `${path}.weight: expected a number from ${weightRange.min} to ${weightRange.max}, got ${show(weight)}`,
      );
    }
  }
  if (time === undefined) return 0;
  if (!Number.isFinite(time)) issues.push(`${path}.time: expected epoch seconds, got ${show(time)}`);
  return 1;
}

function checkIds(ids: unknown, maxLength: number, path: string, issues: string[]): void {
  if (!isList(ids, maxLength, path, issues)) return;
  for (let index = 0; index < ids.length; index++) {
    if (!isId(ids[index])) issues.push(`${path}[${index}]: ${idProblem(ids[index])}`);
  }
}

/** A list that is too long is reported once and not walked: its length is the caller's, not ours. */
function isList(
  value: unknown,
  maxLength: number,
  path: string,
  issues: string[],
  hint = "",
): value is unknown[] {
  if (!Array.isArray(value)) {
    issues.push(`${path}: expected a list, got ${show(value)}`);
    return false;
  }
  if (value.length > maxLength) {
    issues.push(`${path}: ${value.length} entries, at most ${maxLength} are allowed${hint}`);
    return false;
  }
  return true;
}

/** Engines cut strings at NUL, and "" is the graph's padding: neither can name an item. */
function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !value.includes("\0") && !isTooLong(value);
}

function isTooLong(id: string): boolean {
  return id.length > maxIdLength && [...id].length > maxIdLength;
}

function idProblem(value: unknown): string {
  if (typeof value !== "string") return `expected an item id (a string), got ${show(value)}`;
  if (value === "") return "an item id must not be empty";
  return isTooLong(value)
    ? `an item id has at most ${maxIdLength} characters`
    : "an item id must not hold a NUL character";
}
