/** What `scripts/publish.mjs` does at a registry that takes everything, and at those that do not. */

import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Outcome } from "../collect-output.ts";
import { createConsumer, output, root, runScript } from "./consumer.ts";
import { publishedManifests } from "./published.ts";
import { findFreePort, type Registry } from "./registry.ts";
import { startStubRegistry } from "./stub-registry.ts";

export interface PublishingContext {
  /** For folders of its own. */
  readonly dir: string;
  /** A registry that all packages were published to, after a run that stopped behind `@attune/contracts`. */
  readonly registry: Registry;
  /** What that publishing printed. */
  readonly published: Outcome;
}

/** @param context - asked for while tests run, when the registry stands. */
export function publishingSuite(context: () => PublishingContext): void {
  const manifests = publishedManifests();

  describe("publishing", () => {
    /** npm, with one try, at another address. */
    const at = (url: string): NodeJS.ProcessEnv => ({
      ...context().registry.env,
      npm_config_registry: url,
      [`npm_config_${url.replace("http:", "")}:_authToken`]: "anonymous",
      npm_config_fetch_retries: "0",
    });
    const missing = () => ({ status: 404 });

    test("publishes every package that is not there, those that others need first", () => {
      const [there, ...lines] = output(context().published).trimEnd().split("\n");
      expect(there).toMatch(/^@attune\/contracts@\S+ is there$/);
      const names = lines.map((line) => /^(\S+)@\S+ published$/.exec(line)?.[1]);
      expect([...names, "@attune/contracts"].sort()).toEqual(manifests.map(({ name }) => name).sort());
      for (const { name, dependencies = {} } of manifests)
        for (const needed of Object.keys(dependencies).filter((other) => names.includes(other)))
          expect(names.indexOf(needed), `${needed} before ${name}`).toBeLessThan(names.indexOf(name));
    });

    test("may be run again: what is there is skipped", async () => {
      const lines = output(await runScript("publish.mjs", [], context().registry.env))
        .trimEnd()
        .split("\n");
      expect(lines.filter((line) => !line.endsWith("is there"))).toEqual([]);
      expect(lines).toHaveLength(manifests.length);
    });

    test("a version that holds other content stops it before anything is published", async () => {
      const { version } = manifests[0]!;
      const tried: string[] = [];
      const stub = await startStubRegistry({
        get: (name) =>
          name === "@attune/onnx"
            ? {
                status: 200,
                body: {
                  name,
                  "dist-tags": { latest: version },
                  versions: { [version]: { name, version, dist: { integrity: "sha512-other" } } },
                },
              }
            : { status: 404 },
        put: (name) => {
          tried.push(name);
          return { status: 201 };
        },
      });
      const { code, stderr } = await runScript("publish.mjs", [], at(stub.url));
      await stub.stop();
      expect(code).toBe(1);
      expect(stderr.trimEnd()).toBe(
        `publish: version ${version} is in the registry with other content: @attune/onnx. Nothing was published; a version never changes: raise it (\`pnpm changeset\`, \`pnpm changeset version\`), build and publish again`,
      );
      expect(tried).toEqual([]);
    });

    test("a registry that refuses halfway: one line names what was published, what was not, and what to do", async () => {
      const taken: string[] = [];
      const stub = await startStubRegistry({
        get: missing,
        put: (name) => {
          if (taken.length === 2) return { status: 403, body: { error: "not yours" } };
          taken.push(name);
          return { status: 201 };
        },
      });
      const { code, stderr } = await runScript("publish.mjs", [], at(stub.url));
      await stub.stop();
      expect(code).toBe(1);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(stderr).toMatch(/^publish: the registry refuses @attune\/\S+: E?403 /);
      expect(stderr).toContain(
        `Published now: ${taken.join(", ")}; there before: nothing; not published: @attune/`,
      );
      expect(stderr).toMatch(
        /[ ,]attune\b[^.]*\. Ask its owner for the right to publish these names, then run this again/,
      );
    });

    test.each([
      [401, "Log in to it (`npm login`"],
      [503, "Wait until it works again"],
    ])("a registry that answers %i is said in one line", async (status, advice) => {
      const stub = await startStubRegistry({ get: () => ({ status }), put: () => ({ status }) });
      const { code, stderr } = await runScript("publish.mjs", [], at(stub.url));
      await stub.stop();
      expect(code).toBe(1);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(stderr).toContain("Nothing was published.");
      expect(stderr).toContain(advice);
    });

    test("a registry that is not there is said in one line", async () => {
      const url = `http://127.0.0.1:${await findFreePort()}/`;
      const { code, stderr } = await runScript("publish.mjs", ["--dry-run"], at(url));
      expect(code).toBe(1);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect(stderr).toContain("ECONNREFUSED");
      expect(stderr).toContain("Nothing was published. Check that it runs");
    });

    test("a disk that takes no more while packing leaves no tarball", async () => {
      const { dir, registry } = context();
      const own = createConsumer(path.join(dir, "full-disk"), registry.env);
      const line = `ulimit -f 20; "${process.execPath}" "${path.join(root, "scripts/pack.mjs")}" tarballs`;
      const { code, stderr } = await own.shell(line, { TMPDIR: own.dir });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^packing failed: [^\n]+No tarball was left; free space on the disk[^\n]+\n$/);
      expect(readdirSync(own.dir)).toEqual([]);
    });
  });
}
