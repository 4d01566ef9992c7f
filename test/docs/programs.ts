/** The programs of a page: all code of a section is one, and its text blocks are what it prints. */
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

export interface Program {
  /** The heading it stands under. */
  readonly section: string;
  readonly host: "node" | "browser";
  readonly code: string;
  readonly commands: readonly string[];
  readonly prints: string;
}

/** @param page - markdown with `js`, `js browser`, `sh` and `text` blocks under headings of the second level. */
export function readPrograms(page: string): readonly Program[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section): Program => {
      const blocks = [...section.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)];
      const join = (...infos: string[]) =>
        blocks.flatMap(([, info = "", text = ""]) => (infos.includes(info) ? [text] : [])).join("");
      return {
        section: section.slice(0, section.indexOf("\n")),
        host: blocks.some(([, info]) => info === "js browser") ? "browser" : "node",
        code: join("js", "js browser"),
        commands: join("sh").split("\n").filter(Boolean),
        prints: join("text"),
      };
    })
    .filter(({ code, commands }) => code !== "" || commands.length > 0);
}

/** Where each package is found that a reader of the pages has installed, by the package of ours that has it too. */
const foreign: Readonly<Record<string, string>> = {
  "onnxruntime-node": "packages/runtime-node",
  "@tensorflow/tfjs-backend-cpu": "packages/tfjs-export",
  "@tensorflow/tfjs-converter": "packages/tfjs-export",
  "@tensorflow/tfjs-core": "packages/tfjs-export",
  "@tensorflow/tfjs-layers": "packages/tfjs-export",
};

/** A project of a reader: our packages and tfjs under node_modules. */
export function createProject(dir: string, packages: readonly string[]): void {
  const modules = path.join(dir, "node_modules");
  for (const scope of ["@attune", "@tensorflow/tfjs"])
    mkdirSync(path.join(modules, scope), { recursive: true });
  for (const name of packages) {
    symlinkSync(path.join(root, "packages", name), path.join(modules, "@attune", name), "junction");
  }
  for (const [name, owner] of Object.entries(foreign)) {
    const place = realpathSync(path.join(root, owner, "node_modules", name));
    symlinkSync(place, path.join(modules, name), "junction");
  }
  writeFileSync(path.join(dir, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeTfjs(path.join(modules, "@tensorflow/tfjs"));
}

/** For the whole tfjs package, which would add 150 MB to an installation: its parts under one name, as there. */
function writeTfjs(dir: string): void {
  const parts = ["core", "layers", "converter"].map((part) => `export * from "@tensorflow/tfjs-${part}";`);
  const code = [
    'import { env } from "@tensorflow/tfjs-core";',
    'import "@tensorflow/tfjs-backend-cpu";',
    ...parts,
    // It greets on the console otherwise.
    'env().set("PROD", true);',
  ];
  writeFileSync(path.join(dir, "index.js"), `${code.join("\n")}\n`);
  writeFileSync(path.join(dir, "package.json"), '{ "type": "module", "exports": "./index.js" }');
}
