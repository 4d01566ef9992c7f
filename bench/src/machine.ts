/** What the figures were measured on. */
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** Processor, cores, memory, operating system. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${availableParallelism()} cores, ${gigabytes} GB, ${process.platform}/${process.arch}`;
}

/** Processes that wanted to run during the last minute, on average. Above 0.5 before a benchmark, others are at work. */
export function readLoadAverage(): number {
  return Number(loadavg()[0]!.toFixed(2));
}

const require = createRequire(import.meta.url);

/** Versions of Node and of the packages named, as installed here. */
export function describeVersions(packages: readonly string[]): Record<string, string> {
  const versions: Record<string, string> = { node: process.versions.node };
  for (const name of packages) {
    versions[name] = (require(`${name}/package.json`) as { version: string }).version;
  }
  return versions;
}
