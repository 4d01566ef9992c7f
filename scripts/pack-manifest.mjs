// What a package.json becomes in its tarball: workspace and catalog versions are real ones, the source condition,
// scripts and devDependencies are gone. As `prepack` and `postpack` it does so in place around `npm pack`.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The `catalog:` block of pnpm-workspace.yaml: one `name: version` a line. */
function readCatalog() {
  const lines = readFileSync(path.join(root, "pnpm-workspace.yaml"), "utf8").split("\n");
  const start = lines.indexOf("catalog:");
  const end = lines.findIndex((line, index) => index > start && /^[a-z]/i.test(line));
  return new Map(
    lines.slice(start + 1, end).flatMap((line) => {
      const match = /^ {2}"?([^":]+)"?: (\S+)$/.exec(line);
      return match ? [[match[1], match[2]]] : [];
    }),
  );
}

function withoutSource(exports) {
  return Object.fromEntries(
    Object.entries(exports).map(([entry, target]) => {
      if (typeof target === "string") return [entry, target];
      const { "@attune/source": _source, ...published } = target;
      return [entry, published];
    }),
  );
}

/** @param {string} text - the package.json as it stands in the repository */
export function publishedManifest(text) {
  const { devDependencies: _dev, scripts: _scripts, ...manifest } = JSON.parse(text);
  const catalog = readCatalog();
  const resolve = ([name, range]) => {
    if (range.startsWith("workspace:")) return [name, manifest.version];
    if (!range.startsWith("catalog:")) return [name, range];
    if (!catalog.has(name)) throw new Error(`${name} is not in the catalog of pnpm-workspace.yaml`);
    return [name, catalog.get(name)];
  };
  const dependencies = Object.fromEntries(Object.entries(manifest.dependencies ?? {}).map(resolve));
  const published = { ...manifest, exports: withoutSource(manifest.exports), dependencies };
  return `${JSON.stringify(published, null, 2)}\n`;
}

const manifestFile = path.resolve("package.json");
const keptFile = path.resolve("package.json.kept");

const actions = {
  prepare() {
    actions.restore();
    const text = readFileSync(manifestFile, "utf8");
    const published = publishedManifest(text);
    writeFileSync(keptFile, text);
    writeFileSync(manifestFile, published);
  },
  restore() {
    if (existsSync(keptFile)) renameSync(keptFile, manifestFile);
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) actions[process.argv[2]]();
