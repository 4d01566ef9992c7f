/** The verify step: the trainer against onnxruntime-node here and onnxruntime-web in Chromium, written into the manifest. */

import path from "node:path";
import { isAttuneError } from "@attune/contracts";
import { artifactFiles, type ParityResult } from "@attune/contracts/manifest";
import { checkArtifactModel, writeParity } from "@attune/export";
import { assertParity, type MeasuredParity, measureParity } from "@attune/runtime";
import { createNodeSession, readArtifact } from "@attune/runtime-node";
import { findChromium } from "../chromium/find.ts";
import type { Io } from "../io.ts";
import { withProgress } from "../terminal/progress.ts";
import { measureWeb } from "./measure-web.ts";

/**
 * What is to be done in a browser: held to the trainer, or an error; held to it unless no browser can be started, which
 * is then said; or nothing.
 */
export const webHalves = ["required", "if-possible", "skip"] as const;
export type WebHalf = (typeof webHalves)[number];

export interface Verification {
  readonly parity: { readonly node: ParityResult; readonly web?: ParityResult };
  /** Why this run left the browser out; also in the manifest, the report and the card unless an earlier run did not. */
  readonly unverified?: { readonly web: string };
}

/**
 * @throws {AttuneError} what is wrong with the artifact, or `VERIFY_MISMATCH` for the first runtime that is further from
 * the trainer than the tolerance; when a browser is required also `VERIFY_NO_BROWSER`, `VERIFY_BROWSER_UNPACK`,
 * `VERIFY_BROWSER_START`. Nothing is written then.
 */
export async function runVerify(dir: string, web: WebHalf, io: Io): Promise<Verification> {
  // Said before the work too.
  if (web === "required") await findChromium(io.env);
  return withProgress(io, "verify", async (update) => {
    const steps = web === "skip" ? 1 : 2;
    update(0, steps, "onnxruntime-node");
    const node = await measureNode(dir);
    assertParity(node);
    const half = await verifyWeb(dir, web, io, () => update(1, steps, "onnxruntime-web in Chromium"));
    const { unverified } = half;
    const parity = { node: toResult(node), ...(half.result && { web: toResult(half.result) }) };
    await writeParity(dir, { ...parity }, unverified === undefined ? {} : { web: unverified });
    const figures = Object.entries(parity).map(
      ([name, { maxAbs, sameAnswer }]) =>
        `${name} ${formatDifference(maxAbs)}, same answers ${formatShare(sameAnswer)}`,
    );
    const leftOut = unverified === undefined ? [] : [`not verified in a browser: ${unverified}`];
    return {
      value: { parity, ...(unverified !== undefined && { unverified: { web: unverified } }) },
      summary: [...figures, ...leftOut].join(" · "),
    };
  });
}

/** The browser's figures, or why there are none. */
async function verifyWeb(
  dir: string,
  web: WebHalf,
  io: Io,
  onStart: () => void,
): Promise<{ readonly result?: MeasuredParity; readonly unverified?: string }> {
  if (web === "skip") return { unverified: "it was left out" };
  onStart();
  try {
    const result = await measureWeb(dir, io.env, io.say);
    assertParity(result);
    return { result };
  } catch (error) {
    const unverified = web === "if-possible" ? noBrowserReason(error) : undefined;
    if (unverified === undefined) throw error;
    io.say(`Not verified in a browser: ${(error as Error).message}. \`attune verify\` does it later.`);
    return { unverified };
  }
}

/** For the manifest, so without the places of this machine; `undefined` when a browser did run. */
function noBrowserReason(error: unknown): string | undefined {
  if (isAttuneError(error, "VERIFY_NO_BROWSER")) return "no browser was found";
  if (isAttuneError(error, "VERIFY_BROWSER_UNPACK")) return "the browser of npm could not be unpacked";
  if (isAttuneError(error, "VERIFY_BROWSER_START")) return "the browser that was found does not start";
  return undefined;
}

/** Without what is for people only. */
function toResult({ worst: _worst, maxScaled: _scaled, ...result }: MeasuredParity): ParityResult {
  return result;
}

async function measureNode(dir: string): Promise<MeasuredParity> {
  const { model, golden } = await readArtifact(dir);
  checkArtifactModel(model, path.join(dir, artifactFiles.model));
  const session = await createNodeSession(model);
  try {
    return await measureParity(session, golden);
  } finally {
    await session.close();
  }
}

function formatDifference(maxAbs: number): string {
  return maxAbs === 0 ? "exact" : `within ${maxAbs.toExponential(1)}`;
}

function formatShare(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
