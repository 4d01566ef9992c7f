/** The files of examples/deploy, as their programs read them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse, parseAllDocuments } from "yaml";

const folder = path.resolve(import.meta.dirname, "../../examples/deploy");

export function readDeployFile(file: string): string {
  return readFileSync(path.join(folder, file), "utf8");
}

/** @throws {Error} for what YAML does not allow; a key twice is that too. */
export function readYaml<Value>(file: string): Value {
  const [document, ...others] = parseAllDocuments(readDeployFile(file), { strict: true, uniqueKeys: true });
  if (document === undefined || others.length > 0) throw new Error(`${file}: expected one document`);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  return parse(readDeployFile(file)) as Value;
}

/** The value of a `name value;` line of nginx, a `name value` line of HAProxy or a `Name=value` line of systemd. */
export function directive(text: string, name: string): string {
  const found = [...text.matchAll(new RegExp(`^\\s*${name}[ =]+(.+?);?$`, "gm"))];
  if (found.length !== 1) throw new Error(`${name}: expected one line, found ${found.length}`);
  return found[0]![1]!;
}

/** `10s`, `500ms` or `2m` as nginx and HAProxy write times. */
export function toMs(time: string): number {
  const [, count, unit = "s"] = /^(\d+)(ms|s|m)?$/.exec(time) ?? [];
  if (count === undefined) throw new Error(`${time} is no time`);
  return Number(count) * { ms: 1, s: 1000, m: 60_000 }[unit as "ms" | "s" | "m"];
}
