/** `pnpm bench <name> [--json]`: runs one benchmark, keeps its result, prints it. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Bench, BenchError } from "./bench.ts";
import { dataBench } from "./data/index.ts";
import { serveBench } from "./serve/index.ts";
import { stormBench } from "./storm/index.ts";
import { swapBench } from "./swap/index.ts";
import { trainBench } from "./train/index.ts";

/** The one list. */
const benches: readonly Bench[] = [serveBench, stormBench, swapBench, trainBench, dataBench];

const results = join(dirname(dirname(fileURLToPath(import.meta.url))), "results");

async function main([name, ...rest]: readonly string[]): Promise<number> {
  const bench = benches.find((candidate) => candidate.name === name);
  if (bench === undefined) {
    const known = name === undefined || name === "--help" ? "" : `bench: no benchmark "${name}"\n\n`;
    process.stderr.write(`${known}${usage()}`);
    return 2;
  }
  const asJson = rest.includes("--json");
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    const result = await bench.run(
      rest.filter((argument) => argument !== "--json"),
      say,
    );
    if (bench.keepsResult !== false && result.isBusy !== true) await keep(bench.name, result);
    if (asJson) process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  } catch (cause) {
    process.stderr.write(
      `bench ${bench.name}: ${cause instanceof BenchError ? cause.message : (cause as Error).stack}\n`,
    );
    return 1;
  }
}

function usage(): string {
  const lines = benches.flatMap(({ name, summary, flags }) => [
    `  ${name.padEnd(10)} ${summary}`,
    ...flags.map((flag) => `             ${flag}`),
  ]);
  return `pnpm bench <name> [--json]\n\n${lines.join("\n")}\n`;
}

/** Writes beside and renames: a broken run never leaves half a result. */
async function keep(name: string, result: unknown): Promise<void> {
  await mkdir(results, { recursive: true });
  const path = join(results, `${name}.json`);
  await writeFile(`${path}.tmp`, `${JSON.stringify(result, null, 2)}\n`);
  await rename(`${path}.tmp`, path);
}

process.exitCode = await main(process.argv.slice(2));
