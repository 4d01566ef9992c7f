// Whatever a page points at is there: links, their anchors, and paths of the repository named in a sentence.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { anchorsOf, markdownPages, proseOf } from "./markdown.ts";

const root = path.resolve(import.meta.dirname, "../..");
const pages = markdownPages();

test("the pages are found", () => {
  expect(pages.map(({ file }) => file)).toEqual(
    expect.arrayContaining([
      "README.md",
      "docs/install.md",
      "docs/decisions/README.md",
      "packages/cli/README.md",
    ]),
  );
});

test.each(pages)("$file: every link leads somewhere", ({ file, text }) => {
  const targets = [...proseOf(text).matchAll(/\]\(<?([^)>\s]+)>?\)/g)].map(([, target = ""]) => target);
  expect(
    targets.filter((target) => !/^(https?|mailto):/.test(target) && !leadsSomewhere(file, target)),
  ).toEqual([]);
});

function leadsSomewhere(from: string, target: string): boolean {
  const [place = "", anchor] = target.split("#");
  const file = place === "" ? path.join(root, from) : path.resolve(root, path.dirname(from), place);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(readFileSync(file, "utf8")).has(anchor);
}

test.each(pages)("$file: every page of docs/ that it names in a sentence is there", ({ text }) => {
  const named = [...text.matchAll(/(?<![\w/.])docs\/[\w/-]+\.md/g)].map(([name]) => name);
  expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
});

/** `packages/x/src/`, `test/e2e` or, inside packages/, `x/src/`; those with `<task>` or braces stand for several. */
const ownPath = /^((packages|apps|test|bench|fixtures|examples|scripts)\/|[a-z-]+\/src\/)[\w./-]+$/;

/** Rooms that are kept for packages to come (decision 16). */
const rooms: ReadonlySet<string> = new Set(["packages/tabular", "packages/hierarchical"]);

// Decisions tell of their day: what they name may have moved since.
test.each(pages.filter(({ file }) => !file.startsWith("docs/decisions/")))(
  "$file: every path of the repository that it names is there",
  ({ text }) => {
    const named = [...proseOf(text).matchAll(/`([^`\s]+)`/g)].map(([, code = ""]) => code);
    const own = named.filter((name) => ownPath.test(name) && !rooms.has(name));
    const isThere = (name: string) =>
      ["", "packages", "apps"].some((group) => existsSync(path.join(root, group, name)));
    expect(own.filter((name) => !isThere(name))).toEqual([]);
  },
);
