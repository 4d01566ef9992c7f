/** The verify step: the trainer against onnxruntime-node here and onnxruntime-web in Chromium, written into the manifest. */

import path from "node:path";
import { artifactFiles, type ParityResult } from "@attune/contracts/manifest";
import { checkArtifactModel, writeParity } from "@attune/export";
import { assertParity, type MeasuredParity, measureParity } from "@attune/runtime";
import { createNodeSession, readArtifact } from "@attune/runtime-node";
import type { Io } from "../io.ts";
import { withProgress } from "../terminal/progress.ts";
import { measureWeb } from "./measure-web.ts";

export type Parity = { readonly node: ParityResult; readonly web?: ParityResult };

/**
 * @throws {AttuneError} what is wrong with the artifact, or `VERIFY_MISMATCH` for the first runtime that is further from
 * the trainer than the tolerance. Nothing is written then.
 */
export function runVerify(dir: string, web: boolean, io: Io): Promise<Parity> {
  return withProgress(io, "verify", async (update) => {
    update(0, web ? 2 : 1, "onnxruntime-node");
    const node = await measureNode(dir);
    assertParity(node);
    let parity: Parity = { node: toResult(node) };
    if (web) {
      update(1, 2, "onnxruntime-web in Chromium");
      const browser = await measureWeb(dir, io.env);
      assertParity(browser);
      parity = { ...parity, web: toResult(browser) };
    }
    await writeParity(dir, { ...parity });
    const summary = Object.entries(parity)
      .map(
        ([name, { maxAbs, sameAnswer }]) =>
          `${name} ${formatDifference(maxAbs)}, same answers ${formatShare(sameAnswer)}`,
      )
      .join(" · ");
    return { value: parity, summary };
  });
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
