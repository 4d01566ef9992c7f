/** The command: flags, a run, a report, an exit code. The only file here that knows `process`, beside `bin.ts`. */
import { readFileSync } from "node:fs";
import { cases } from "./cases/index.ts";
import { type Flags, parseFlags, usage } from "./flags.ts";
import type { InferRequest } from "./protocol/tensor.ts";
import { formatCaseList } from "./report/case-list.ts";
import { formatReport } from "./report/text-report.ts";
import { runConformance } from "./run-conformance.ts";
import { UnreachableError, UsageError } from "./run-errors.ts";
import { kit } from "./version.ts";

async function main(argv: readonly string[]): Promise<number> {
  const parsed = parseFlags(argv);
  switch (parsed.kind) {
    case "help":
      return print(usage);
    case "version":
      return print(`${kit.version}\n`);
    case "list": {
      const { groups } = parsed;
      return print(
        formatCaseList(cases.filter(({ group }) => groups === undefined || groups.includes(group))),
      );
    }
    case "misuse":
      return misuse(`${parsed.problem}\n\n${usage.trimEnd()}`);
    case "flags":
      return run(parsed.flags);
  }
}

async function run({ requestFile, json, models, ...options }: Flags): Promise<number> {
  let request: InferRequest | undefined;
  try {
    if (requestFile !== undefined) request = readRequest(requestFile);
  } catch (cause) {
    return misuse(`--request ${requestFile}: ${(cause as Error).message}`);
  }
  try {
    const report = await runConformance(options.url, {
      ...options,
      ...(models.length > 0 && { models }),
      ...(request !== undefined && { request }),
    });
    const { stdout, env } = process;
    const isColoured = stdout.isTTY === true && (env.NO_COLOR ?? "") === "";
    print(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report, { isColoured }));
    return report.conforms ? 0 : 1;
  } catch (cause) {
    if (cause instanceof UsageError) return misuse(cause.message);
    if (!(cause instanceof UnreachableError)) throw cause;
    process.stderr.write(`oip-conformance: ${cause.message}\n`);
    return 3;
  }
}

/** @throws {Error} what is wrong with the file, in words. */
function readRequest(file: string): InferRequest {
  const value = JSON.parse(readFileSync(file, "utf8")) as Partial<InferRequest> | null;
  const isTensor = (input: unknown) =>
    typeof (input as { name?: unknown })?.name === "string" &&
    Array.isArray((input as { data?: unknown }).data);
  if (!Array.isArray(value?.inputs) || !value.inputs.every(isTensor)) {
    throw new Error('expected { "inputs": [{ name, shape, datatype, data }, …] }');
  }
  return value as InferRequest;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function misuse(problem: string): number {
  process.stderr.write(`oip-conformance: ${problem}\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
