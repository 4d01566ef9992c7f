// The Install page and the READMEs against the manifests of what is published.
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../packed/consumer.ts";
import { publishedManifests } from "../packed/published.ts";

const manifests = publishedManifests();
const page = readFileSync(path.join(root, "docs/install.md"), "utf8");

/** Everything that an installation of a package brings of ours, and what these bring first-hand. */
function bringsOf(name: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const needed of Object.keys(manifests.find((one) => one.name === name)?.dependencies ?? {})) {
    if (seen.has(needed)) continue;
    seen.add(needed);
    bringsOf(needed, seen);
  }
  return seen;
}

test("the page's table has every package with the Node of its manifest", () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` \| ([\d.]+) \|/gm)].map(
    ([, name, node]) => `${name} >=${node}`,
  );
  expect(rows.sort()).toEqual(manifests.map(({ name, engines }) => `${name} ${engines?.node}`).sort());
});

test("a package asks for no older Node than those that it brings", () => {
  const needsNewer = new Set(manifests.filter((one) => one.needsNewer).map(({ name }) => name));
  const wrong = manifests.filter(
    (one) => !one.needsNewer && [...bringsOf(one.name)].some((name) => needsNewer.has(name)),
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

test("a bundler keeps the check of Node's version", () => {
  const lost = manifests.filter(
    ({ needsNewer, sideEffects }) => needsNewer && !(sideEffects || []).includes("./dist/index.js"),
  );
  expect(lost.map(({ name }) => name)).toEqual([]);
  expect(manifests.find(({ name }) => name === "@attune/store")?.sideEffects).toContain(
    "./dist/require-node.js",
  );
});

test("the command does not bring the browser's engine: the widget has it built in", () => {
  expect([...bringsOf("attune")]).not.toContain("onnxruntime-web");
});

describe.each(manifests.filter(({ name }) => bringsOf(name).has("onnxruntime-node")))(
  "$name brings onnxruntime-node",
  ({ dir }) => {
    test("and its README says how to keep the CUDA library out", () => {
      expect(readFileSync(path.join(dir, "README.md"), "utf8")).toContain("ONNXRUNTIME_NODE_INSTALL=skip");
    });
  },
);

// Such a snippet asks for it as well, though the package leaves the engine to the reader.
test.each(manifests.map(({ dir }) => path.join(dir, "README.md")).filter(showsRuntimeNode))(
  "%s imports @attune/runtime-node and says it too",
  (file) => {
    expect(readFileSync(file, "utf8")).toContain("ONNXRUNTIME_NODE_INSTALL=skip");
  },
);

function showsRuntimeNode(file: string): boolean {
  return /^ {4}import .* from "@attune\/runtime-node"/m.test(readFileSync(file, "utf8"));
}

test("no published README or page names the package by its former name", () => {
  const pages = [
    ...manifests.map(({ dir }) => path.join(dir, "README.md")),
    ...["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "docs/install.md", "docs/first-model.md"].map(
      (file) => path.join(root, file),
    ),
  ];
  expect(pages.filter((file) => /@attune\/cli\b/.test(readFileSync(file, "utf8")))).toEqual([]);
});

test("every variable of ours that the command reads is in the page, and the page names no other", () => {
  const sources = globSync("packages/cli/src/**/*.ts", { cwd: root }).filter(
    (file) => !file.includes(".test."),
  );
  const code = sources.map((file) => readFileSync(path.join(root, file), "utf8")).join("\n");
  const names = (text: string) => [...new Set(text.match(/\bATTUNE_[A-Z_]+|\bCHROMIUM_PATH/g))].sort();
  // Those of the server have a page of their own.
  const served = names(readFileSync(path.join(root, "docs", "serving.md"), "utf8"));
  expect(names(page)).toEqual(names(code).filter((name) => !served.includes(name)));
});
