// Reads every package.json and every import of the workspace against layers.ts.
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { findCycles, type Import } from "./cycles.ts";
import { isomorphic, layers, longFiles, outsideLayers, sidewaysEdges } from "./layers.ts";

const root = path.resolve(import.meta.dirname, "../..");

interface Package {
  readonly name: string;
  readonly dir: string;
  readonly manifest: {
    readonly name: string;
    readonly dependencies?: Record<string, string>;
    readonly devDependencies?: Record<string, string>;
  };
}

const packages: readonly Package[] = [
  ...readdirSync(path.join(root, "packages")).map((name) => path.join("packages", name)),
  ...readdirSync(path.join(root, "apps")).map((name) => path.join("apps", name)),
  "test",
  "bench",
]
  .filter((dir) => existsSync(path.join(root, dir, "package.json")))
  .map((dir) => {
    const manifest = JSON.parse(readFileSync(path.join(root, dir, "package.json"), "utf8"));
    return { name: path.basename(dir), dir, manifest };
  });

/** Package name, as others import it → folder name, as in the layer table; undefined for what is not ours. */
const ownNames = new Map(packages.map(({ name, manifest }) => [manifest.name, name]));

function layerOf(name: string): number {
  return layers.findIndex((members) => members.includes(name));
}

function mayImport(from: string, to: string): boolean {
  const highest = outsideLayers[from];
  if (highest !== undefined) return to === "testkit" || layerOf(to) <= highest;
  if (sidewaysEdges.some(([a, b]) => a === from && b === to)) return true;
  return layerOf(to) >= 0 && layerOf(to) < layerOf(from);
}

function sources(dir: string): string[] {
  return globSync("**/*.{ts,mts,js,mjs}", {
    cwd: path.join(root, dir),
    exclude: (name) => /^(node_modules|dist|\.attune|\.turbo)$/.test(path.basename(name)),
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|(?:^|\n)\s*import\s+"([^"]+)"|import\("([^"]+)"\)/g;
  return [...text.matchAll(pattern)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

/** Whether it is there for tests only: tests, what they are made of, and cases that they loop over. */
function isForTests(file: string): boolean {
  return /\.(test|test-d|config)\.ts$/.test(file) || /(^|\/)(fixtures|testing|cases)\//.test(file);
}

/** Imports between a package's own files, those of types included. */
function ownImports(dir: string): Import[] {
  const files = new Set(
    sources(dir)
      .map((file) => file.replaceAll(path.sep, "/"))
      .filter((file) => !isForTests(file)),
  );
  return [...files].flatMap((from) =>
    importsOf(path.join(dir, from))
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => ({ from, to: path.posix.join(path.posix.dirname(from), specifier) }))
      .filter(({ to }) => files.has(to)),
  );
}

describe.each(packages)("$name", ({ name, dir, manifest }) => {
  test("is in the layer table", () => {
    expect(layerOf(name) >= 0 || name in outsideLayers).toBe(true);
  });

  test("depends only on packages of lower layers", () => {
    const own = Object.keys(manifest.dependencies ?? {}).flatMap(
      (dependency) => ownNames.get(dependency) ?? [],
    );
    const wrong = own.filter((to) => !mayImport(name, to));
    expect(wrong).toEqual([]);
  });

  test("imports only what it declares, and only downwards", () => {
    const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
    const problems: string[] = [];
    for (const file of sources(dir)) {
      const isTest = isForTests(file);
      for (const specifier of importsOf(path.join(dir, file))) {
        if (specifier.startsWith(".")) {
          const target = path.join(dir, path.dirname(file), specifier);
          const inside = target.startsWith(`${dir}${path.sep}`);
          if (!inside && !isTest && !(name in outsideLayers))
            problems.push(`${file} reaches outside its package: ${specifier}`);
          continue;
        }
        if (/^(node:|bun:|virtual:)/.test(specifier)) {
          if (isomorphic.includes(name) && !isTest)
            problems.push(`${file} imports ${specifier} in an isomorphic package`);
          continue;
        }
        const dependency = specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/");
        const rootTool = isTest && /^(vitest|tsdown|vite)$/.test(dependency);
        if (!declared.has(dependency) && !rootTool)
          problems.push(`${file} imports ${dependency}, which ${name} does not declare`);
        const to = ownNames.get(dependency);
        if (to !== undefined && !isTest && !mayImport(name, to))
          problems.push(`${file} imports ${dependency}: not a lower layer`);
      }
    }
    expect(problems).toEqual([]);
  });

  // In every folder, the files and folders that lie there import each other one way only; a folder imports what any
  // file inside it does, and types count.
  test("has no circle of imports", () => {
    expect(findCycles(ownImports(dir))).toEqual([]);
  });

  test("keeps files under 400 lines", () => {
    const long = sources(dir)
      .map((file) => ({ file: path.join(dir, file), limit: /\.test\.ts$/.test(file) ? 600 : 400 }))
      .filter(
        ({ file, limit }) =>
          !(file in longFiles) && readFileSync(path.join(root, file), "utf8").split("\n").length > limit + 1,
      );
    expect(long.map(({ file }) => file)).toEqual([]);
  });

  test("names files after the thing inside", () => {
    const vague = sources(dir).filter((file) =>
      /(^|\/)(utils?|helpers?|common|misc|types)(\.test)?\.ts$/.test(file),
    );
    expect(vague).toEqual([]);
  });
});

// Same seed, same bytes: the clock and the generator are arguments in the lower layers.
test.each(packages.filter(({ name }) => layerOf(name) >= 0 && layerOf(name) <= 2))(
  "$name has no hidden clock, randomness or console",
  ({ dir }) => {
    const banned = /\b(Math\.random|Date\.now|new Date\(\)|performance\.now|console\.)/;
    const hits = sources(dir)
      .filter((file) => !/\.(test|config)\.ts$/.test(file))
      .filter((file) =>
        banned.test(
          readFileSync(path.join(root, dir, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ""),
        ),
      );
    expect(hits).toEqual([]);
  },
);

test.each(packages.filter(({ name }) => isomorphic.includes(name)))(
  "$name compiles without Node and DOM types",
  ({ dir }) => {
    const config = JSON.parse(readFileSync(path.join(root, dir, "tsconfig.json"), "utf8"));
    expect(config.compilerOptions?.types ?? []).toEqual([]);
    expect(config.compilerOptions?.lib ?? ["ES2023"]).toEqual(["ES2023"]);
  },
);

test("no pin is a range: the catalog is exact", () => {
  const catalog =
    readFileSync(path.join(root, "pnpm-workspace.yaml"), "utf8").match(/^catalog:\n([\s\S]*?)\n\n/m)?.[1] ??
    "";
  const versions = [...catalog.matchAll(/: (\S+)$/gm)].map((match) => match[1]!);
  expect(versions.length).toBeGreaterThan(20);
  expect(versions.filter((version) => /[\^~*x]/.test(version))).toEqual([]);
});

test("node and web run one version of ONNX Runtime", () => {
  const text = readFileSync(path.join(root, "pnpm-workspace.yaml"), "utf8");
  const version = (name: string) => new RegExp(`^ {2}${name}: (\\S+)$`, "m").exec(text)?.[1];
  expect(version("onnxruntime-node")).toBeDefined();
  expect(version("onnxruntime-node")).toBe(version("onnxruntime-web"));
});
