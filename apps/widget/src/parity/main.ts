/** The page behind `attune verify`: measures this browser against the trainer's golden rows. */
import { AttuneError, isAttuneError, type WireError } from "@attune/contracts";
import {
  artifactFiles,
  type ParityResult,
  parseGoldenFile,
  parseJsonBytes,
} from "@attune/contracts/manifest";
import { measureParity } from "@attune/runtime";
import { createWebSession, fetchListed, locateArtifact } from "@attune/runtime-web";
import { fetchJson } from "../artifact/fetch-json.ts";
import { fromPlain, type PlainTensor, toPlain } from "./plain-tensor.ts";

/** Data only, so that it can leave the page. */
export type ParityAnswer =
  | { readonly ok: true; readonly result: ParityResult & { readonly worst: string } }
  | { readonly ok: false; readonly error: WireError };

/** Outputs of each batch, in the order of the graph's. */
export type RunAnswer =
  | { readonly ok: true; readonly version: string; readonly outputs: readonly (readonly PlainTensor[])[] }
  | { readonly ok: false; readonly error: WireError };

declare global {
  interface Window {
    /**
     * Loads the model of the artifact folder at `baseUrl` in a worker and runs all golden rows. Never rejects. The folder
     * must hold golden.json: a server that serves models to pages does not give it.
     * The manifest may be one that was not verified yet.
     */
    attuneParity(options: { baseUrl: string }): Promise<ParityAnswer>;
    /** Runs any model of float32, int32 and bool on batches of feeds, both by URL. Never rejects. */
    attuneRun(options: { modelUrl: string; sha256: string; feedsUrl: string }): Promise<RunAnswer>;
  }
}

async function measure(baseUrl: string): Promise<ParityResult & { worst: string }> {
  const location = await locateArtifact(baseUrl);
  const goldenUrl = location.url(artifactFiles.golden);
  const golden = parseGoldenFile(
    parseJsonBytes(await fetchListed(location, artifactFiles.golden), goldenUrl),
    goldenUrl,
  );
  const session = await createWebSession({
    modelUrl: location.url(artifactFiles.model),
    sha256: location.manifest.files[artifactFiles.model]?.sha256 ?? "",
    cache: false,
  });
  try {
    return await measureParity(session, golden);
  } finally {
    await session.close();
  }
}

/** Every code is one of the table, so that the other side can raise the error again. */
function toTableError(cause: unknown): WireError {
  if (isAttuneError(cause)) return cause.toJSON();
  return new AttuneError("VERIFY_BROWSER", { reason: String(cause) }).toJSON();
}

window.attuneParity = async ({ baseUrl }) => {
  try {
    return { ok: true, result: await measure(baseUrl) };
  } catch (cause) {
    return { ok: false, error: toTableError(cause) };
  }
};

async function run(modelUrl: string, sha256: string, feedsUrl: string): Promise<RunAnswer> {
  const url = new URL(feedsUrl, document.baseURI).href;
  // Written by the command that opens this page.
  const batches = (await fetchJson(url)) as readonly Readonly<Record<string, PlainTensor>>[];
  const session = await createWebSession({ modelUrl, sha256, cache: false });
  try {
    const outputs: PlainTensor[][] = [];
    for (const feeds of batches) {
      const used = session.inputs.map(({ name }) => [name, fromPlain(feeds[name]!)] as const);
      const results = await session.run(Object.fromEntries(used));
      outputs.push(session.outputs.map(({ name }) => toPlain(results[name]!)));
    }
    return { ok: true, version: session.runtime.version, outputs };
  } finally {
    await session.close();
  }
}

window.attuneRun = async ({ modelUrl, sha256, feedsUrl }) => {
  try {
    return await run(modelUrl, sha256, feedsUrl);
  } catch (cause) {
    return { ok: false, error: toTableError(cause) };
  }
};
