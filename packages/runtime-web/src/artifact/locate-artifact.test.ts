// Manifest and files of one release, whatever serves them: a server with addresses by version, or any folder.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isAttuneError } from "@attune/contracts";
import { type TinyArtifact, tinyArtifact, tinyCatalogue } from "@attune/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { channelWorker } from "../fixtures/channel-worker.ts";
import { fetchListed, locateArtifact } from "./locate-artifact.ts";
import { openWebArtifact } from "./open-web-artifact.ts";

const first = tinyArtifact();
const second = tinyArtifact((manifest) => ({ ...manifest, version: 2 }), tinyCatalogue(31));
const hashOf = ({ manifest }: TinyArtifact) => manifest.files["model.onnx"]!.sha256;

/** What the server holds now, and what it says of it. */
interface Site {
  /** The default, which a release replaces. */
  current: TinyArtifact;
  /** By the sha256 of their model. */
  readonly versions: TinyArtifact[];
  contentLocation: string | undefined;
  /** Called after each answer: a release in between. */
  onAnswer: (path: string) => void;
  /** Instead of the file. */
  readonly altered: Map<string, Uint8Array>;
}

let site: Site;
let server: Server;
let base = "";
const asked: { readonly path: string; readonly cacheControl: string | undefined }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://x");
    asked.push({ path: request.url!, cacheControl: request.headers["cache-control"] });
    const [, , sha256, pinned] = pathname.split("/");
    const [artifact, name] =
      pinned === undefined
        ? [site.current, sha256!]
        : [site.versions.find((version) => hashOf(version) === sha256), pinned];
    const bytes = site.altered.get(name) ?? artifact?.files[name];
    if (name === "manifest.json" && site.contentLocation !== undefined) {
      response.setHeader("content-location", site.contentLocation);
    }
    if (bytes === undefined) response.writeHead(404).end();
    else response.end(bytes);
    site.onAnswer(pathname);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/artifact/`;
});
beforeEach(() => {
  asked.length = 0;
  const contentLocation = `${hashOf(first)}/manifest.json`;
  site = { current: first, versions: [first], contentLocation, onAnswer: () => {}, altered: new Map() };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = () => openWebArtifact({ baseUrl: base, createWorker: () => channelWorker() });

describe("addresses", () => {
  test("are those of the version that the manifest is of, with the sha256 of the file", async () => {
    const location = await locateArtifact(base);
    expect(location.manifest.version).toBe(1);
    expect(location.url("model.onnx")).toBe(`${base}${hashOf(first)}/model.onnx?v=${hashOf(first)}`);
    const { sha256 } = first.manifest.files["items.json"]!;
    expect(location.url("items.json")).toBe(`${base}${hashOf(first)}/items.json?v=${sha256}`);
  });

  test("are beside the manifest where nothing says otherwise", async () => {
    site.contentLocation = undefined;
    const location = await locateArtifact(base.slice(0, -1));
    expect(location.url("model.onnx")).toBe(`${base}model.onnx?v=${hashOf(first)}`);
  });

  test.each(["https://elsewhere.example/manifest.json", "//elsewhere.example/x/manifest.json", "http://["])(
    "are not another host's, though the header says %s",
    async (contentLocation) => {
      site.contentLocation = contentLocation;
      expect((await locateArtifact(base)).url("model.onnx")).toBe(`${base}model.onnx?v=${hashOf(first)}`);
    },
  );

  test("of files that are not listed do not exist", async () => {
    const location = await locateArtifact(base);
    for (const name of ["report.html", "constructor"]) {
      expect(() => location.url(name)).toThrow(expect.objectContaining({ code: "MANIFEST_INVALID" }));
    }
  });
});

describe("a listed file", () => {
  test("may come from the browser's cache; one that is not what it should be is asked for once more", async () => {
    const location = await locateArtifact(base);
    const bytes = await fetchListed(location, "items.json");
    expect(Buffer.from(bytes)).toEqual(Buffer.from(first.files["items.json"]!));
    expect(asked.at(-1)!.cacheControl).toBeUndefined();
    site.altered.set("items.json", new TextEncoder().encode("[]"));
    site.onAnswer = () => site.altered.clear();
    await fetchListed(location, "items.json");
    expect(asked.at(-1)!.cacheControl).toBe("no-cache");
  });

  test("with other bytes is refused", async () => {
    const location = await locateArtifact(base);
    site.altered.set("items.json", new TextEncoder().encode("[]"));
    const error = await fetchListed(location, "items.json").catch((caught: unknown) => caught);
    expect(isAttuneError(error, "RUNTIME_HASH"), String(error)).toBe(true);
  });
});

describe("a release between manifest and model", () => {
  const release = (versions: readonly TinyArtifact[]) => (path: string) => {
    if (path !== "/artifact/manifest.json") return;
    site.current = second;
    if (site.contentLocation !== undefined) site.contentLocation = `${hashOf(second)}/manifest.json`;
    site.versions.splice(0, site.versions.length, ...versions);
    site.onAnswer = () => {};
  };

  test("does not mix them: the version that was found first is opened, while it is there", async () => {
    site.onAnswer = release([first, second]);
    const { manifest, personalizer } = await open();
    await personalizer.close();
    expect(manifest.version).toBe(1);
  });

  test("after which the older version is gone opens the newer one", async () => {
    site.onAnswer = release([second]);
    const { manifest, personalizer, loadItems } = await open();
    expect(await loadItems()).toHaveLength(31);
    await personalizer.close();
    expect(manifest.version).toBe(2);
  });

  test("in a plain folder opens the newer one", async () => {
    site.contentLocation = undefined;
    site.onAnswer = release([]);
    const { manifest, personalizer } = await open();
    await personalizer.close();
    expect(manifest.version).toBe(2);
  });

  test("a server that goes away is the first failure, not that of the second try", async () => {
    site.onAnswer = () => {
      site.current = { ...first, files: {} };
      site.versions.length = 0;
    };
    const error = await open().catch((caught: unknown) => caught);
    if (!isAttuneError(error, "RUNTIME_FETCH")) throw error;
    expect(error.details.url).toContain("model.onnx");
  });
});
