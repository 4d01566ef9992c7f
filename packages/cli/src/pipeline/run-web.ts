/** Any ONNX model in a browser: serves it with its feeds, opens the parity page in Chromium, reads the outputs back. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { AttuneError, type ErrorCode, type Tensor, type WireError } from "@attune/contracts";
import { type ChromiumEnv, findChromium } from "../chromium/find.ts";
import { unsandboxedNotice, withChromiumPage } from "../chromium/launch.ts";
import { serveFolders } from "../chromium/static-server.ts";
import { widgetAssets } from "../project/assets.ts";

interface PlainTensor {
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

type Answer =
  | { readonly ok: true; readonly version: string; readonly outputs: readonly (readonly PlainTensor[])[] }
  | { readonly ok: false; readonly error: WireError };

/** What parity.html of @attune/widget puts on its window. */
interface RunWindow {
  attuneRun?(options: { modelUrl: string; sha256: string; feedsUrl: string }): Promise<Answer>;
}

export interface WebRun {
  /** Version of onnxruntime-web. */
  readonly version: string;
  /** Per batch, in the order of the graph's outputs. */
  readonly outputs: readonly (readonly Tensor[])[];
}

/**
 * @param batches - feeds by input name; float32, int32 and bool.
 * @param say - takes a line for people: that the browser runs without a sandbox.
 * @throws {AttuneError} `VERIFY_NO_BROWSER`, `VERIFY_BROWSER_UNPACK` and `VERIFY_BROWSER_START` when no browser can be
 * started, `VERIFY_BROWSER` when the page fails, or the page's own error under its code.
 */
export async function runWeb(
  model: Uint8Array,
  batches: readonly Readonly<Record<string, Tensor>>[],
  env: ChromiumEnv,
  say: (line: string) => void,
): Promise<WebRun> {
  const chromium = await findChromium(env);
  const assets = widgetAssets();
  if (!existsSync(path.join(assets, "parity.html"))) {
    throw new AttuneError("VERIFY_BROWSER", {
      reason: "the browser files are not built; run `pnpm build` first",
    });
  }
  const dir = await mkdtemp(path.join(tmpdir(), "attune-web-"));
  try {
    await writeFile(path.join(dir, "model.onnx"), model);
    await writeFile(path.join(dir, "feeds.json"), JSON.stringify(batches.map(toPlainFeeds)));
    const server = await serveFolders({ folders: { "/": assets, "/run/": dir } });
    try {
      const sha256 = createHash("sha256").update(model).digest("hex");
      const answer = await withChromiumPage(
        `${server.url}/parity.html`,
        async (page) => {
          await page.waitForFunction(() => (globalThis as RunWindow).attuneRun !== undefined);
          const options = { modelUrl: "/run/model.onnx", sha256, feedsUrl: "/run/feeds.json" };
          return page.evaluate((given) => (globalThis as RunWindow).attuneRun!(given), options);
        },
        { chromium, onUnsandboxed: () => say(unsandboxedNotice) },
      );
      if (!answer.ok) throw new AttuneError(answer.error.code as ErrorCode, answer.error.details as never);
      return { version: answer.version, outputs: answer.outputs.map((outputs) => outputs.map(fromPlain)) };
    } finally {
      await server.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function toPlainFeeds(feeds: Readonly<Record<string, Tensor>>): Record<string, PlainTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { dtype, dims, data }]) => [
      name,
      { dtype, dims, data: Array.from(data as ArrayLike<number>, Number) },
    ]),
  );
}

function fromPlain({ dtype, dims, data }: PlainTensor): Tensor {
  if (dtype === "int32") return { dtype, dims, data: Int32Array.from(data) };
  if (dtype === "bool") return { dtype, dims, data: Uint8Array.from(data) };
  return { dtype: "float32", dims, data: Float32Array.from(data) };
}
