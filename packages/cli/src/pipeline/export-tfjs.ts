/** A user's tfjs model to one ONNX file, held to tfjs in Node and in a browser before it is written. */
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { AttuneError } from "@attune/contracts";
import { writeModel } from "@attune/onnx";
import { createNodeSession } from "@attune/runtime-node";
import { replaceFiles } from "@attune/store";
import {
  assertTensorParity,
  compareCases,
  loadTfjsModel,
  predictSeeded,
  runCases,
  type TensorParity,
  traceTfjsModel,
} from "@attune/tfjs-export";
import { findChromium } from "../chromium/find.ts";
import type { Io } from "../io.ts";
import { withProgress } from "../terminal/progress.ts";
import { formatBytes } from "../terminal/sizes.ts";
import { runWeb } from "./run-web.ts";

export interface TfjsExportStep {
  /** A model.json, or the folder of one. */
  readonly modelPath: string;
  readonly outPath: string;
  readonly opset: number;
  /** Compare in a browser too. */
  readonly web: boolean;
}

/** Printed with `--json`. */
export interface TfjsExportResult {
  readonly opset: number;
  readonly nodes: number;
  readonly bytes: number;
  readonly parity: {
    readonly node: Pick<TensorParity, "maxAbs" | "maxRel">;
    readonly web?: Pick<TensorParity, "maxAbs" | "maxRel">;
  };
}

/**
 * Seeded inputs of three batch sizes go through tfjs and through each runtime. The file appears only when all agree.
 *
 * @throws {AttuneError} what loading and tracing say of the model; `EXPORT_TFJS_PARITY`, `FILE_WRITE`, `VERIFY_NO_BROWSER`
 * and the other errors of a browser that cannot be started.
 */
export async function runExportTfjs(step: TfjsExportStep, io: Io): Promise<TfjsExportResult> {
  const { outPath, opset, web } = step;
  const modelPath = isFolder(step.modelPath) ? path.join(step.modelPath, "model.json") : step.modelPath;
  const folder = path.dirname(outPath);
  checkTarget(outPath, folder);
  // Said before the work too.
  if (web) await findChromium(io.env);
  return withProgress(io, "export", async (update) => {
    const stages = web ? 6 : 5;
    update(0, stages, "load");
    const loaded = await loadTfjsModel(modelPath);
    try {
      update(1, stages, "trace");
      const model = await traceTfjsModel(loaded, { opset });
      update(2, stages, "write the graph");
      const bytes = writeModel(model);
      update(3, stages, "compute with tfjs");
      const cases = await predictSeeded(loaded);
      update(4, stages, "compare with onnxruntime-node");
      const session = await createNodeSession(bytes);
      const node = compareCases(cases, await runCases(session, cases).finally(() => session.close()));
      assertTensorParity("onnxruntime-node", node);
      let parity: TfjsExportResult["parity"] = { node: figures(node) };
      if (web) {
        update(5, stages, "compare with onnxruntime-web in Chromium");
        const { outputs } = await runWeb(
          bytes,
          cases.map(({ feeds }) => feeds),
          io.env,
          io.say,
        );
        const browser = compareCases(cases, outputs);
        assertTensorParity("onnxruntime-web", browser);
        parity = { ...parity, web: figures(browser) };
      }
      await replaceFiles(folder, new Map([[path.basename(outPath), bytes]]));
      const nodes = model.graph.nodes.length;
      const found = Object.entries(parity).map(
        ([name, { maxAbs }]) => `${maxAbs.toExponential(1)} (${name})`,
      );
      return {
        value: { opset, nodes, bytes: bytes.length, parity },
        summary: `${path.basename(outPath)}: ${nodes} nodes, ${formatBytes(bytes.length)}; differs from tfjs by at most ${found.join(", ")}`,
      };
    } finally {
      loaded.model.dispose();
    }
  });
}

/** Before the work, not after it. @throws {AttuneError} `FILE_WRITE` */
function checkTarget(outPath: string, folder: string): void {
  const refuse = (reason: string, cause?: unknown) =>
    new AttuneError("FILE_WRITE", { path: outPath, reason }, { cause });
  if (!isFolder(folder)) throw refuse(`there is no folder ${folder}`);
  if (isFolder(outPath)) throw refuse("a folder of this name stands there");
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw refuse(`the folder ${folder} is not yours to write`, cause);
  }
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function figures({ maxAbs, maxRel }: TensorParity): Pick<TensorParity, "maxAbs" | "maxRel"> {
  return { maxAbs, maxRel };
}
