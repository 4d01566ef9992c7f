import { stat } from "node:fs/promises";
import path from "node:path";
import { artifactFiles } from "@attune/contracts/manifest";
import { checkModel, printModel, readMetadata, readModel, summarizeModel } from "@attune/onnx";
import { hashBytes, readBytes } from "@attune/store";
import Table from "cli-table3";
import { defineCommand } from "../command.ts";
import type { Io } from "../io.ts";
import { type ArtifactResult, readArtifactResult } from "../project/artifacts.ts";
import { formatBytes } from "../terminal/sizes.ts";

export const inspectCommand = defineCommand({
  name: "inspect",
  summary:
    "Show what an ONNX file holds (or an artifact's folder): inputs, outputs, metadata, parts and problems, without loading it.",
  positionals: ["<model.onnx>"],
  options: {
    graph: { type: "boolean", description: "print every node", default: false },
  },
  examples: ["attune inspect my-model.onnx", "attune inspect .attune/artifacts/my-shop/3 --graph"],
  async run({ values, positionals }, io) {
    const file = await findModel(path.resolve(io.cwd, positionals[0]!));
    const bytes = await readBytes(file);
    const metadata = readMetadata(bytes, { source: positionals[0]! });
    const model = readModel(bytes, { source: positionals[0]! });
    const summary = summarizeModel(model);
    const issues = checkModel(model);
    if (values.graph) io.print(printModel(model));
    else {
      io.print(describe(metadata, bytes.length));
      const table = new Table({
        head: ["part", "nodes", "parameters", "bytes", "ops"],
        // Ops of a part are many: more than this would break the table in a terminal.
        colWidths: [null, null, null, null, 64],
        wordWrap: true,
        style: { head: [], border: [] },
      });
      for (const scope of summary.scopes) {
        table.push([
          scope.scope || "(top)",
          scope.nodeCount,
          scope.parameterCount,
          formatBytes(scope.parameterBytes),
          describeOps(scope.opCounts),
        ]);
      }
      io.print(table.toString());
    }
    for (const issue of issues) io.say(`problem: ${issue}`);
    io.say(
      issues.length === 0
        ? "Attune will load it."
        : `Attune will not load it: ${issues.length} ${issues.length === 1 ? "problem" : "problems"}.`,
    );
    const { opsets, irVersion, producer, inputs, outputs, opCounts, nodeCount } = metadata;
    io.result({
      bytes: bytes.length,
      irVersion,
      producer,
      opsets,
      inputs,
      outputs,
      nodes: nodeCount,
      ops: opCounts,
      scopes: summary.scopes,
      metadata: metadata.metadata,
      issues,
      ...(await describeOwner(file, bytes, io)),
    });
    return issues.length === 0 ? 0 : 1;
  },
});

function describeOps(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([op, count]) => (count === 1 ? op : `${op} × ${count}`))
    .join(", ");
}

/** A folder stands for its model.onnx. */
async function findModel(file: string): Promise<string> {
  const isFolder = (await stat(file).catch(() => undefined))?.isDirectory() ?? false;
  return isFolder ? path.join(file, artifactFiles.model) : file;
}

/** The artifact that this very file belongs to, when its manifest stands beside it. */
async function describeOwner(
  file: string,
  bytes: Uint8Array,
  io: Io,
): Promise<{ readonly artifact?: ArtifactResult }> {
  const artifact = await readArtifactResult(path.dirname(file), io).catch(() => undefined);
  const isIts = path.basename(file) === artifactFiles.model && artifact?.sha256 === hashBytes(bytes).sha256;
  return artifact !== undefined && isIts ? { artifact } : {};
}

function describe(metadata: ReturnType<typeof readMetadata>, sizeBytes: number): string {
  const { producer, opsets, irVersion, inputs, outputs, nodeCount } = metadata;
  const value = ({ name, dtype, dims }: (typeof inputs)[number]) =>
    `  ${name}: ${dtype}[${dims.map((dim) => dim ?? "?").join(", ")}]`;
  return [
    `${metadata.graphName}: ${formatBytes(sizeBytes)}, ${nodeCount} nodes, by ${`${producer.name} ${producer.version}`.trim()}`,
    `IR ${irVersion}, opsets ${Object.entries(opsets)
      .map(([domain, version]) => `${domain || "ai.onnx"} ${version}`)
      .join(", ")}`,
    "inputs",
    ...inputs.map(value),
    "outputs",
    ...outputs.map(value),
    ...(Object.keys(metadata.metadata).length > 0 ? ["metadata"] : []),
    ...Object.entries(metadata.metadata).map(
      ([key, text]) => `  ${key}: ${text.length > 100 ? `${text.slice(0, 97)}…` : text}`,
    ),
  ].join("\n");
}
