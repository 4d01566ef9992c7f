// What we publish, from a real registry, in folders of people who have nothing of this repository.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { tinyArtifact } from "@attune/testkit";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withChromiumPage } from "../../packages/cli/src/chromium/launch.ts";
import { serveFolders } from "../../packages/cli/src/chromium/static-server.ts";
import type { Outcome } from "../collect-output.ts";
import { readPrograms } from "../docs/programs.ts";
import { buildPackages, type Consumer, createConsumer, node20, output, root, runScript } from "./consumer.ts";
import { type Block, followPage, readPage, type Step, wordsOf } from "./page.ts";
import { publishedManifests } from "./published.ts";
import { publishingSuite } from "./publishing-suite.ts";
import { type Registry, startRegistry } from "./registry.ts";

const manifests = publishedManifests();
const artifact = tinyArtifact();
const request = JSON.stringify({ history: ["item-0", "item-3"], k: 3 });

let dir = "";
let registry: Registry;
let published: Outcome;

beforeAll(async () => {
  await buildPackages();
  dir = mkdtempSync(path.join(os.tmpdir(), "attune-packed-"));
  registry = await startRegistry(dir);
  // As if a run had stopped after the first package.
  output(await runScript("pack.mjs", [path.join(dir, "packs")], registry.env));
  const [first] = readdirSync(path.join(dir, "packs")).filter((file) => file.startsWith("attune-contracts-"));
  output(await consumer("packs").shell(`npm publish ${first} --access public`));
  published = await runScript("publish.mjs", [], registry.env);
}, 300_000);

afterAll(() => {
  registry?.stop();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

function consumer(name: string): Consumer {
  return createConsumer(path.join(dir, name), registry.env);
}

publishingSuite(() => ({ dir, registry, published }));

describe("npx attune, in an empty folder", () => {
  let npx: Consumer;

  beforeAll(() => {
    npx = consumer("npx");
    // 60 users, two tastes: rows that a personal model finds something in.
    const rows = Array.from({ length: 1200 }, (_, index) => {
      const user = index % 60;
      return `u${user},i${(user % 2) * 10 + ((index * 7 + Math.floor(index / 60)) % 10)},${1_700_000_000 + index * 60}`;
    });
    npx.write("events.csv", `user,item,time\n${rows.join("\n")}\n`);
  });

  test("writes a config, then trains, exports and verifies", async () => {
    output(await npx.shell("npx --yes attune init --events events.csv --json"));
    const result = JSON.parse(output(await npx.shell("npx --yes attune quickstart --no-serve --json")));
    expect(result.artifact).toMatchObject({ name: "npx", version: 1 });
    expect(readdirSync(path.join(npx.dir, result.artifact.path))).toContain("model.onnx");
    expect(result.parity.node.sameAnswer).toBe(1);
  });

  test("again, with no registry to ask", async () => {
    const { stdout } = await npx.shell("npx --prefer-offline attune --version", {
      npm_config_registry: registry.url,
      npm_config_offline: "true",
    });
    expect(stdout.trim()).toBe(manifests.find(({ name }) => name === "attune")!.version);
  });
});

describe("docs/first-model.md, followed as it stands", () => {
  let steps: readonly Step[] = [];
  let shop: Consumer;

  beforeAll(async () => {
    ({ steps, last: shop } = await followPage(readPage("docs/first-model.md"), consumer("page")));
  }, 300_000);

  test("every command works", () => {
    expect(steps.length).toBeGreaterThan(7);
    for (const { line, outcome } of steps) expect(outcome.code, `${line}\n${outcome.stderr}`).toBe(0);
  });

  test("every line of its screens is printed", () => {
    const lost = steps.flatMap(({ line, outcome, screen }) => {
      const printed = new Set(`${outcome.stdout}\n${outcome.stderr}`.split("\n").map(wordsOf));
      return screen
        .split("\n")
        .filter((shown) => !printed.has(wordsOf(shown)))
        .map((shown) => `${line}: ${shown}`);
    });
    expect(lost).toEqual([]);
  });

  describe("and beside it", () => {
    beforeAll(async () => {
      const [install] = readPage("docs/train-with-tfjs.md").filter(({ kind }) => kind === "commands");
      const { steps: installed } = await followPage([install!], shop);
      for (const { outcome } of installed) output(outcome);
      output(
        await shop.shell(
          "npm install @attune/client @attune/oip-conformance @attune/runtime-web @attune/tfjs-export",
        ),
      );
      for (const [name, bytes] of Object.entries(artifact.files)) shop.write(`artifact/${name}`, bytes);
    }, 300_000);

    test("a tfjs model is trained by the guide's own program", async () => {
      const page = readFileSync(path.join(root, "docs/train-with-tfjs.md"), "utf8");
      const { code, prints } = readPrograms(page).find(({ section }) => section === "Train a model")!;
      shop.write("train.mjs", code);
      // tfjs greets before it works.
      expect(output(await shop.node("train.mjs")).endsWith(prints)).toBe(true);
    });

    describe("a TypeScript service", () => {
      const service = `import { isAttuneError } from "@attune/contracts";
import { openArtifact } from "@attune/runtime-node";

export async function answer(): Promise<void> {
  const { personalizer } = await openArtifact("artifact");
  const given = await personalizer.recommend(${request});
  const refused = await personalizer.recommend({ history: [], k: 0 }).catch((error: unknown) => error);
  await personalizer.close();
  console.log(JSON.stringify({ given, refused: isAttuneError(refused, "REQUEST_INVALID") }));
}

void answer();
`;

      beforeAll(async () => {
        shop.write("service/esm.mts", service);
        shop.write("service/cjs.cts", service);
        const compilerOptions = {
          ...{ module: "nodenext", target: "es2023", lib: ["es2023", "dom"], types: [] },
          ...{ strict: true, rootDir: "service", outDir: "built" },
        };
        shop.write("tsconfig.json", JSON.stringify({ compilerOptions, include: ["service"] }));
        output(await shop.shell(`"${path.join(root, "node_modules/.bin/tsc")}" -p .`));
      });

      test.each([
        ["ESM, Node 22", "built/esm.mjs", process.execPath],
        ["CommonJS, Node 22", "built/cjs.cjs", process.execPath],
        ["ESM, Node 20", "built/esm.mjs", node20],
        ["CommonJS, Node 20", "built/cjs.cjs", node20],
      ])("%s: type-checked, it answers and prints nothing of its own", async (_, file, binary) => {
        const outcome = await shop.node(file, binary);
        const { given, refused } = JSON.parse(output(outcome));
        expect(outcome.stderr).toBe("");
        expect(given.ids).toHaveLength(3);
        expect(given).toMatchObject({ source: "model", unknown: 0 });
        expect(refused).toBe(true);
      });
    });

    test("the web package bundles with Vite and recommends in Chromium, as Node does", async () => {
      shop.write(
        "index.html",
        '<!doctype html><title>page</title><link rel="icon" href="data:," /><script type="module" src="/page.js"></script>',
      );
      shop.write(
        "page.js",
        `import { openWebArtifact } from "@attune/runtime-web";

window.recommend = async (request) => {
  const { personalizer } = await openWebArtifact({ baseUrl: "/artifact/" });
  return personalizer.recommend(request);
};
`,
      );
      await build({ root: shop.dir, logLevel: "silent", configFile: false, worker: { format: "es" } });
      const server = await serveFolders({
        folders: { "/": path.join(shop.dir, "dist"), "/artifact/": path.join(shop.dir, "artifact") },
      });
      try {
        const web = await withChromiumPage(`${server.url}/index.html`, async (page) => {
          await page.waitForFunction("window.recommend !== undefined");
          return page.evaluate(`window.recommend(${request})`) as Promise<{
            ids: string[];
            scores: number[];
          }>;
        });
        const node = JSON.parse(output(await shop.node("built/esm.mjs"))).given;
        expect(web.ids).toEqual(node.ids);
        web.scores.forEach((score, index) => {
          expect(Math.abs(score - node.scores[index])).toBeLessThanOrEqual(1e-5);
        });
      } finally {
        await server.close();
      }
    });

    describe("on Node 20", () => {
      let loaded: Readonly<Record<string, readonly string[]>>;

      beforeAll(async () => {
        shop.write(
          "load.mjs",
          `import { createRequire } from "node:module";
const ways = [(entry) => import(entry), async (entry) => createRequire(import.meta.url)(entry)];
const load = (entry) => (way) => way(entry).then(() => "loads", ({ code, message }) => code + ": " + message);
const answers = {};
for (const entry of ${JSON.stringify(manifests.flatMap(({ entries }) => entries))})
  answers[entry] = await Promise.all(ways.map(load(entry)));
console.log(JSON.stringify(answers));
`,
        );
        loaded = JSON.parse(output(await shop.node("load.mjs", node20)));
      });

      test.each(manifests.flatMap(({ entries, ...rest }) => entries.map((entry) => ({ ...rest, entry }))))(
        "$entry loads where it says so and is refused at once where not, by import and by require",
        ({ entry, needsNewer }) => {
          const expected = needsNewer
            ? /^NODE_VERSION: needs Node 22.12 or newer; this is v20\.\S+ Install/
            : /^loads$/;
          expect(loaded[entry]).toEqual([expect.stringMatching(expected), expect.stringMatching(expected)]);
        },
      );
    });

    test.each(
      manifests
        .filter(({ needsNewer }) => needsNewer)
        .flatMap(({ bin = {}, ...rest }) => Object.keys(bin).map((name) => ({ ...rest, command: name }))),
    )("$command on Node 20 is refused in one line, and in JSON beside --json", async ({ command }) => {
      const line = `"${node20}" node_modules/.bin/${command} --json`;
      const { code, stdout, stderr } = await shop.shell(line);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(`^${command}: needs Node 22\\.12 or newer; this is v20\\.[^\\n]+\\n$`),
      );
      if (command === "attune")
        expect(JSON.parse(stdout).error).toMatchObject({
          code: "NODE_VERSION",
          details: { needed: "22.12" },
        });
    });
  });
});

test("what declares Node 20 depends on nothing that wants a newer one", async () => {
  const names = manifests.filter(({ needsNewer }) => !needsNewer).map(({ name }) => name);
  const env = { PATH: `${path.dirname(node20)}${path.delimiter}${process.env.PATH}` };
  output(await consumer("old").shell(`npm install --dry-run --engine-strict ${names.join(" ")}`, env));
});

describe("docs/install.md, followed as it stands", () => {
  const commandsOf = (section: string) =>
    readPage("docs/install.md", section).filter(({ kind }) => kind === "commands");

  /** A folder with some of the tarballs. */
  async function withTarballs(name: string, env: NodeJS.ProcessEnv, wanted = /./): Promise<Consumer> {
    const own = createConsumer(path.join(dir, name), env);
    const tarballs = path.join(own.dir, "tarballs");
    output(await runScript("pack.mjs", [tarballs], registry.env));
    for (const file of readdirSync(tarballs)) if (!wanted.test(file)) rmSync(path.join(tarballs, file));
    return own;
  }

  async function expectAnswers(own: Consumer): Promise<void> {
    for (const [name, bytes] of Object.entries(artifact.files)) own.write(`artifact/${name}`, bytes);
    own.write(
      "answer.mjs",
      `import { openArtifact } from "@attune/runtime-node";
const { personalizer } = await openArtifact("artifact");
console.log((await personalizer.recommend(${request})).ids.length);
await personalizer.close();
`,
    );
    expect(output(await own.node("answer.mjs"))).toBe("3\n");
  }

  async function follow(block: Block | undefined, own: Consumer): Promise<void> {
    const { steps } = await followPage([block!], own);
    expect(steps).toHaveLength(1);
    output(steps[0]!.outcome);
  }

  test.each([
    ["all at once", 0],
    ["three for a service", 1],
  ])("tarballs: %s, from the folder alone", async (name, at) => {
    // The user's own npm: its registry has none of ours.
    const { npm_config_userconfig: _, ...env } = registry.env;
    const own = await withTarballs(name, env);
    await follow(commandsOf("From tarballs")[at], own);
    await expectAnswers(own);
  });

  test("a closed network: npm's cache is carried over", async () => {
    const own = await withTarballs("closed", registry.env, /-(contracts|runtime|runtime-node)-\d/);
    const [install, again, ...more] = commandsOf("Closed networks");
    expect(more).toEqual([]);
    await follow(install, own);
    rmSync(path.join(own.dir, "node_modules"), { recursive: true });
    await follow(again, createConsumer(own.dir, { ...own.env, npm_config_registry: "http://127.0.0.1:9/" }));
    await expectAnswers(own);
  });

  test("pnpm", async () => {
    const bin = path.join(root, "node_modules/.bin");
    const env = { ...registry.env, PATH: `${bin}${path.delimiter}${registry.env.PATH}` };
    const own = createConsumer(path.join(dir, "pnpm"), env);
    const page = readFileSync(path.join(root, "docs/install.md"), "utf8");
    own.write("pnpm-workspace.yaml", /^```yaml\n([\s\S]*?)^```/m.exec(page)![1]!);
    output(await own.shell("pnpm add attune"));
    const { version } = manifests.find(({ name }) => name === "attune")!;
    expect(
      output(await own.shell("pnpm exec attune --version"))
        .trim()
        .split("\n")
        .at(-1),
    ).toBe(version);
  });
});
