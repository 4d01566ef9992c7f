/** Is a model one that Attune writes and loads? Every broken rule is listed, in file order. */
import { AttuneError } from "@attune/contracts";
import type { Model } from "../model.ts";
import { opsetRange } from "../ops/index.ts";
import { checkGraph } from "./check-graph.ts";

/** IR versions whose files we can tell apart from the ones we do not know. */
const irRange = { min: 3, max: 10 };

/**
 * What is wrong with a model: versions, names, order, ops, attributes, dtypes and shapes, tensors.
 *
 * @returns one sentence per broken rule; empty when the model is sound.
 */
export function checkModel(model: Model): readonly string[] {
  const issues: string[] = [];
  if (model.irVersion < irRange.min || model.irVersion > irRange.max) {
    issues.push(`IR version ${model.irVersion} is outside ${irRange.min} to ${irRange.max}`);
  }
  for (const [domain, version] of Object.entries(model.opsets)) {
    const name = domain || "ai.onnx";
    const range = Object.hasOwn(opsetRange, domain)
      ? opsetRange[domain as keyof typeof opsetRange]
      : undefined;
    if (range === undefined) issues.push(`domain ${name} is not one Attune uses`);
    else if (version < range.min || version > range.max) {
      issues.push(`opset ${version} of ${name} is outside ${range.min} to ${range.max}`);
    }
  }
  return [...issues, ...checkGraph(model)];
}

/**
 * @param source - file or artifact, for the message.
 * @throws {AttuneError} `ONNX_INVALID` with every broken rule.
 */
export function assertModel(model: Model, source: string): void {
  const issues = checkModel(model);
  if (issues.length > 0) throw new AttuneError("ONNX_INVALID", { source, issues });
}
