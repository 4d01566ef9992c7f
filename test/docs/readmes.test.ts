// A package's README against its code: its parts, the errors it raises, the files it names, what it depends on.
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { errorMessages } from "@attune/contracts";
import { describe, expect, test } from "vitest";
import { layers } from "../architecture/layers.ts";

const root = path.resolve(import.meta.dirname, "../..");

interface Package {
  readonly name: string;
  readonly dir: string;
  readonly readme: string;
  /** Packages of ours that it brings. */
  readonly dependencies: readonly string[];
  /** Packages of ours that come to it by argument, or are built into it: it has them for its own tests and builds. */
  readonly companions: readonly string[];
  /** Codes of the error table in its sources, tests apart. */
  readonly codes: ReadonlySet<string>;
}

const packages: readonly Package[] = ["packages", "apps"]
  .flatMap((group) => readdirSync(path.join(root, group)).map((name) => path.join(root, group, name)))
  .map((dir) => {
    const manifest = JSON.parse(readFileSync(path.join(dir, "package.json"), "utf8"));
    return {
      name: manifest.name,
      dir,
      readme: readFileSync(path.join(dir, "README.md"), "utf8"),
      dependencies: oursIn(manifest.dependencies),
      companions: oursIn(manifest.devDependencies).filter((name) => name !== "@attune/testkit"),
      codes: codesIn(dir),
    };
  });

function oursIn(dependencies: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.keys(dependencies).filter((name) => name.startsWith("@attune/"));
}

/** The table itself has all of them and raises none. */
function codesIn(dir: string): ReadonlySet<string> {
  const isOwn = (file: string) => !/\.test(-d)?\.ts$|^errors[\\/]/.test(file);
  const sources = globSync("**/*.ts", { cwd: path.join(dir, "src") }).filter(isOwn);
  const text = sources.map((file) => readFileSync(path.join(dir, "src", file), "utf8")).join("\n");
  const words = [...text.matchAll(/\b(?:new AttuneError\(|code: )\s*"([A-Z][A-Z0-9_]+)"/g)];
  return new Set(words.map(([, code = ""]) => code).filter((code) => code in errorMessages));
}

/** From a part's bold word to the next one's. */
function partOf(readme: string, name: string): string {
  return readme.split(`**${name}.**`)[1]?.split(/^\*\*[A-Z][a-z ]+\.?\*\*/m)[0] ?? "";
}

/** Names in code of a part: `CODE`, or `CODE_…` for all that begin so; "those of `trace`" are what its README lists. */
function listedErrors({ readme }: Package): readonly string[] {
  const part = partOf(readme, "Errors");
  const own = [...part.matchAll(/`([A-Z]+_[A-Z0-9_]*…?)`/g)].map(([, code = ""]) => code);
  const others = [...part.matchAll(/those of `(?:@attune\/)?([a-z-]+)`/gi)].map(
    ([, name]) => `@attune/${name}`,
  );
  return [...own, ...packages.filter(({ name }) => others.includes(name)).flatMap(listedErrors)];
}

function isListed(code: string, listed: readonly string[]): boolean {
  return listed.some((one) => (one.endsWith("…") ? code.startsWith(one.slice(0, -1)) : one === code));
}

/** It and all packages of ours that it runs with. */
function withDependencies(one: Package): ReadonlySet<Package> {
  const found = new Set([one]);
  for (const { dependencies, companions } of found) {
    const names = [...dependencies, ...companions];
    for (const other of packages) if (names.includes(other.name)) found.add(other);
  }
  return found;
}

describe.each(packages)("$name", (one) => {
  test("has the six parts in their order", () => {
    const parts = ["Promises", "Does not", "Cost", "Errors", "Inside"];
    const at = parts.map((part) => one.readme.indexOf(`\n**${part}.**`));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
    expect(one.readme.startsWith(`# ${one.name}\n\n`)).toBe(true);
  });

  test("lists every error that it raises itself", () => {
    const says = partOf(one.readme, "Errors");
    // A server's own page lists those that it answers with.
    if (says.includes("`/docs`")) return;
    // The command raises codes of its steps as well.
    const isOwn = (code: string) =>
      !says.includes("Whatever the steps raise") || /^(CLI|RELEASE|VERIFY)_/.test(code);
    const listed = listedErrors(one);
    expect([...one.codes].filter((code) => isOwn(code) && !isListed(code, listed))).toEqual([]);
  });

  test("lists no error that neither it nor a package below it raises", () => {
    const runsWith = [...withDependencies(one)];
    // A session is given to it: what that throws passes through.
    if (partOf(one.readme, "Errors").toLowerCase().includes("those of a session"))
      runsWith.push(...packages.filter(({ name }) => name === "@attune/runtime"));
    const raised = runsWith.flatMap(({ codes }) => [...codes]);
    expect(listedErrors(one).filter((code) => !raised.some((each) => isListed(each, [code])))).toEqual([]);
  });

  test("names only files and folders that it has", () => {
    const inside = partOf(one.readme, "Inside").split(/Layer \d|Outside the layers/)[0]!;
    const named = [...inside.matchAll(/`([a-z][\w./-]*(?:\.ts|\/))`/g)].map(([, name = ""]) => name);
    const sources = globSync("**/*", { cwd: path.join(one.dir, "src") }).map((file) => `/${file}`);
    const isThere = (name: string) =>
      existsSync(path.join(one.dir, name)) ||
      sources.some((file) => file.endsWith(`/${name.replace(/\/$/, "")}`));
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });

  test("says the layer that it stands in", () => {
    const layer = layers.findIndex((names) => names.includes(path.basename(one.dir)));
    const said = /Layer (\d)/.exec(partOf(one.readme, "Inside"))?.[1];
    expect(said).toBe(layer < 0 ? undefined : String(layer));
  });

  test("depends on the packages of ours that it says, and on no other", () => {
    const said = /depends on\s+([\s\S]*?)(?:\.\s|\.$|$)/.exec(partOf(one.readme, "Inside"))?.[1] ?? "";
    if (said.startsWith("every package")) return;
    const names = [...said.matchAll(/`([a-z-]+)`/g)].map(([, name]) => `@attune/${name}`);
    expect(one.dependencies.filter((name) => !names.includes(name))).toEqual([]);
    expect(
      names.filter((name) => !one.dependencies.includes(name) && !one.companions.includes(name)),
    ).toEqual([]);
  });
});
