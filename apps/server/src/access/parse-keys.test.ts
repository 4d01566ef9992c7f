import fc from "fast-check";
import { expect, test } from "vitest";
import { parseKeys } from "./parse-keys.ts";

const key = "a-key-of-enough-length";

function issuesOf(text: string): readonly string[] {
  try {
    parseKeys(text, "keys.json");
  } catch (cause) {
    const { code, details, message } = cause as {
      code: string;
      details: { issues: string[] };
      message: string;
    };
    expect(code).toBe("SERVER_KEYS");
    expect(message).toContain("keys.json");
    return details.issues;
  }
  return [];
}

const entries = (...list: readonly unknown[]) => JSON.stringify({ keys: list });
const web = { id: "web", key, groups: ["inference"] };

test("reads ids, groups and rates, and keeps no key", () => {
  const text = entries(
    { ...web, ratePerSecond: 50, burst: 100 },
    { id: "ops", sha256: "0".repeat(64), groups: ["admin"] },
  );
  const keys = parseKeys(text, "keys.json");
  expect(keys).toMatchObject([
    { id: "web", groups: ["inference"], ratePerSecond: 50, burst: 100 },
    { id: "ops", groups: ["admin"] },
  ]);
  expect(JSON.stringify(keys)).not.toContain(key);
});

test.each([
  ["an empty text", "", /it is empty/],
  ["blanks", " \n", /it is empty/],
  ["no JSON", `{"keys":[{"key":"${key}"`, /it is not JSON/],
  ["a list", "[]", /expected \{ "keys"/],
  ["null", "null", /expected \{ "keys"/],
  ["no keys", '{"keys":[]}', /has no keys/],
  ["something beside keys", '{"keys":[],"more":1}', /more: unknown beside keys/],
  ["an entry that is no object", entries(key), /keys\[0\]: expected an object/],
  ["no id", entries({ key, groups: ["admin"] }), /keys\[0\]\.id: expected a name/],
  [
    "a short key",
    entries({ ...web, key: "secret-15-chars" }),
    /keys\[0\]\.key: expected 16 to 512 characters, got 15/,
  ],
  ["a key with a space", entries({ ...web, key: `${key} b` }), /without spaces/],
  ["a key that no header can carry", entries({ ...web, key: `${key}é` }), /printable ASCII/],
  ["neither key nor sha256", entries({ id: "web", groups: ["admin"] }), /give either key or sha256/],
  ["both", entries({ ...web, sha256: "0".repeat(64) }), /give either key or sha256/],
  ["a sha256 that is none", entries({ id: "web", sha256: "0", groups: ["admin"] }), /64 hexadecimal digits/],
  ["no groups", entries({ id: "web", key }), /groups: expected a list/],
  ["a list of no groups", entries({ ...web, groups: [] }), /groups: expected a list/],
  [
    "an unknown group",
    entries({ ...web, groups: ["inference", "root"] }),
    /groups: root unknown; known are inference/,
  ],
  ["a rate of 0", entries({ ...web, ratePerSecond: 0 }), /ratePerSecond: expected a number above 0/],
  ["a burst without a rate", entries({ ...web, burst: 2 }), /burst: needs ratePerSecond/],
  ["an unknown field", entries({ ...web, grops: [] }), /keys\[0\]\.grops: unknown; known are id, key/],
  ["one id twice", entries(web, { ...web, key: `${key}2` }), /keys\[1\]\.id: the same as that of keys\[0\]/],
  ["one key twice", entries(web, { ...web, id: "b" }), /keys\[1\]\.key: the same as that of keys\[0\]/],
])("%s is refused", (_, text, issue) => {
  const issues = issuesOf(text);
  expect(issues).toEqual(expect.arrayContaining([expect.stringMatching(issue)]));
  expect(issues.join()).not.toContain(key);
});

test("a key and its own sha256 are one key twice", async () => {
  const { createHash } = await import("node:crypto");
  const sha256 = createHash("sha256").update(key).digest("hex").toUpperCase();
  expect(issuesOf(entries(web, { id: "b", sha256, groups: ["admin"] }))).toEqual([
    "keys[1].key: the same as that of keys[0]",
  ]);
});

test("every problem stands in one error", () => {
  const text = entries({ id: "", key: "short", groups: ["x"], burst: 1 }, { id: "b", sha256: 1, groups: 2 });
  expect(issuesOf(text)).toHaveLength(6);
});

test("a key that stands where a name belongs is not shown whole", () => {
  const issues = issuesOf(entries({ ...web, [key]: 1 }, { id: "b", key: `${key}2`, groups: [`${key}3`] }));
  expect(issues).toHaveLength(2);
  expect(issues.join()).not.toContain(key);
});

test("whatever the text, an error quotes none of its longer words", () => {
  const word = fc.stringMatching(/^[a-z]{17,40}$/);
  fc.assert(
    fc.property(fc.json(), word, (json, secret) => {
      const text = json.replaceAll(/"[^"\\]{2,}"/g, JSON.stringify(secret));
      expect(issuesOf(text).join()).not.toContain(secret);
    }),
    { seed: 7 },
  );
});
