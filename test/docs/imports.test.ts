// What the code of a page imports from a package of ours is exported there.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { codeOf, markdownPages } from "./markdown.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** `"@attune/contracts/config"` → its source file. */
const entries = new Map(
  ["packages", "apps"].flatMap((group) =>
    readdirSync(path.join(root, group)).flatMap((folder) => {
      const dir = path.join(root, group, folder);
      const { name, exports } = JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8"));
      return Object.entries<{ readonly "@attune/source"?: string }>(exports ?? {}).flatMap(
        ([entry, target]) => {
          const source = target["@attune/source"];
          return source === undefined
            ? []
            : [[path.posix.join(name, entry), path.join(dir, source)] as const];
        },
      );
    }),
  ),
);

const imports = markdownPages().flatMap(({ file, text }) =>
  codeOf(text).flatMap((line) => {
    const found = /^import \{([^}]+)\} from "((?:@attune\/|attune\b)[^"]*)"/.exec(line);
    if (found === null) return [];
    const names = found[1]!.split(",").map((name) => name.trim());
    return [{ file, from: found[2]!, names: names.filter((name) => !name.startsWith("type ")) }];
  }),
);

test("the pages have imports to check", () => {
  expect(imports.length).toBeGreaterThan(30);
});

test.each(imports)("$file: $from exports $names", async ({ from, names }) => {
  const entry = entries.get(from);
  expect(entry, `there is no ${from}`).toBeDefined();
  const exported = await import(/* @vite-ignore */ entry!);
  expect(names.filter((name) => !(name in exported))).toEqual([]);
});

// onnxruntime-node comes with @attune/runtime-node, and the pages say that the file runs on it alone.
test.each(["docs/train-with-tfjs.md", "docs/first-model.md"])(
  "%s: who has installed what it says can run all of its programs",
  (page) => {
    const text = markdownPages().find(({ file }) => file === page)!.text;
    const installed = codeOf(text).flatMap((line) => /^npm install (.+)$/.exec(line)?.[1]?.split(" ") ?? []);
    const names = installed.map((one) => one.replace(/(?<=.)@[\d.]+$/, ""));
    const imported = [...text.matchAll(/^import .* from "([^".]+)";$/gm)].map(([, from = ""]) => from);
    const needed = imported.filter((from) => !/^(node:|onnxruntime-node$)/.test(from));
    expect(needed.length).toBeGreaterThan(0);
    expect(needed.filter((from) => !names.includes(from))).toEqual([]);
  },
);
