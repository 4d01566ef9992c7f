/** Keys from JSON: `{ "keys": [{ "id", "key" or "sha256", "groups", "ratePerSecond"?, "burst"? }] }`. */
import { AttuneError } from "@attune/contracts";
import { type AccessKey, digestOf } from "./access-key.ts";
import { type KeyGroup, keyGroups } from "./key-group.ts";

/** Shorter keys can be guessed. Characters. */
export const shortestKey = 16;

const fields = ["id", "key", "sha256", "groups", "ratePerSecond", "burst"];
const highestRate = 1_000_000;

/**
 * @param source - where the text comes from, for errors.
 * @throws {AttuneError} `SERVER_KEYS` with every problem; a key itself is never in it.
 */
export function parseKeys(text: string, source: string): readonly AccessKey[] {
  const entries = readEntries(text);
  if (typeof entries === "string") throw new AttuneError("SERVER_KEYS", { source, issues: [entries] });
  const issues = [...entries.flatMap(checkEntry), ...listRepeated(entries)];
  if (issues.length > 0) throw new AttuneError("SERVER_KEYS", { source, issues });
  // `checkEntry` found nothing: every field is of its type.
  return entries.map((entry) => toKey(entry as unknown as CheckedEntry));
}

type Entry = Readonly<Record<string, unknown>>;

interface CheckedEntry {
  readonly id: string;
  readonly key?: string;
  readonly sha256?: string;
  readonly groups: readonly KeyGroup[];
  readonly ratePerSecond?: number;
  readonly burst?: number;
}

/** The entries, or what is wrong with the whole. Node's own words would quote the text. */
function readEntries(text: string): readonly Entry[] | string {
  if (text.trim() === "") return 'it is empty; write { "keys": [...] } into it';
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return "it is not JSON";
  }
  if (!isObject(value) || !Array.isArray(value.keys)) return 'expected { "keys": [...] }';
  const unknown = Object.keys(value).filter((name) => name !== "keys");
  if (unknown.length > 0) return `${shown(unknown.join(", "))}: unknown beside keys`;
  if (value.keys.length === 0) return "it has no keys; add one, or leave it out";
  const strange = value.keys.findIndex((entry) => !isObject(entry));
  return strange < 0 ? value.keys : `keys[${strange}]: expected an object`;
}

function checkEntry(entry: Entry, index: number): string[] {
  const { id, key, sha256, groups, ratePerSecond, burst } = entry;
  const issues: string[] = [];
  const say = (name: string, problem: string) => issues.push(`keys[${index}].${name}: ${problem}`);

  for (const name of Object.keys(entry)) {
    if (!fields.includes(name)) say(shown(name), `unknown; known are ${fields.join(", ")}`);
  }
  if (typeof id !== "string" || !/^[\w.-]{1,64}$/.test(id)) {
    say("id", "expected a name of 1 to 64 letters, digits, dots, dashes and underscores");
  }
  if ((key === undefined) === (sha256 === undefined)) say("key", "give either key or sha256");
  if (key !== undefined) {
    if (typeof key !== "string" || !/^[\x21-\x7e]*$/.test(key)) {
      say("key", "expected printable ASCII characters without spaces");
    } else if (key.length < shortestKey || key.length > 512) {
      say("key", `expected ${shortestKey} to 512 characters, got ${key.length}`);
    }
  }
  if (sha256 !== undefined && (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/i.test(sha256))) {
    say("sha256", "expected the sha256 of the key, 64 hexadecimal digits");
  }
  if (!Array.isArray(groups) || groups.length === 0) {
    say("groups", `expected a list of one or more of ${keyGroups.join(", ")}`);
  } else {
    const unknown = groups.filter((group) => !keyGroups.includes(group));
    if (unknown.length > 0) {
      say("groups", `${shown(unknown.join(", "))} unknown; known are ${keyGroups.join(", ")}`);
    }
  }
  if (
    ratePerSecond !== undefined &&
    !(typeof ratePerSecond === "number" && ratePerSecond > 0 && ratePerSecond <= highestRate)
  ) {
    say("ratePerSecond", `expected a number above 0 and up to ${highestRate}`);
  }
  if (burst !== undefined) {
    if (!Number.isInteger(burst) || (burst as number) < 1 || (burst as number) > highestRate) {
      say("burst", `expected an integer from 1 to ${highestRate}`);
    }
    if (ratePerSecond === undefined) say("burst", "needs ratePerSecond beside it");
  }
  return issues;
}

function listRepeated(entries: readonly Entry[]): string[] {
  const ids = new Map<unknown, number>();
  const digests = new Map<string, number>();
  return entries.flatMap(({ id, key, sha256 }, index) => {
    const digest = typeof key === "string" ? digestOf(key).toString("hex") : String(sha256).toLowerCase();
    const issues: string[] = [];
    if (typeof id === "string" && ids.has(id)) {
      issues.push(`keys[${index}].id: the same as that of keys[${ids.get(id)}]`);
    }
    if ((key ?? sha256) !== undefined && digests.has(digest)) {
      issues.push(`keys[${index}].key: the same as that of keys[${digests.get(digest)}]`);
    }
    if (!ids.has(id)) ids.set(id, index);
    if (!digests.has(digest)) digests.set(digest, index);
    return issues;
  });
}

function toKey({ id, key, sha256, groups, ratePerSecond, burst }: CheckedEntry): AccessKey {
  return {
    id,
    digest: key === undefined ? Buffer.from(sha256!, "hex") : digestOf(key),
    groups: [...new Set(groups)],
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(burst !== undefined && { burst }),
  };
}

function isObject(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Somebody may have put a key where a name belongs. */
function shown(text: string): string {
  return text.length < shortestKey ? text : `${text.slice(0, 4)}…`;
}
