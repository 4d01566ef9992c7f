/** A page's files, commands and screens in their order, to be followed as they stand. */

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Outcome } from "../collect-output.ts";
import { type Consumer, createConsumer, root } from "./consumer.ts";

export type Block =
  | { readonly kind: "file"; readonly name: string; readonly text: string }
  | { readonly kind: "commands"; readonly lines: readonly string[] }
  | { readonly kind: "screen"; readonly text: string };

/** @param section - the heading of one section; default: the whole page. */
export function readPage(file: string, section?: string): readonly Block[] {
  const page = readFileSync(path.join(root, file), "utf8");
  const start = section === undefined ? 0 : page.indexOf(`\n## ${section}\n`);
  if (start < 0) throw new Error(`${file} has no section "${section}"`);
  const end = section === undefined ? -1 : page.indexOf("\n## ", start + 1);
  const text = page.slice(start, end < 0 ? undefined : end);
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language, name, body = ""]) => {
      if (language === "sh") return { kind: "commands", lines: body.trimEnd().split("\n") };
      if (name !== undefined) return { kind: "file", name, text: body };
      return { kind: "screen", text: body };
    },
  );
}

/** What was typed and what came of it. */
export interface Step {
  readonly line: string;
  readonly outcome: Outcome;
  /** What the page shows below the commands; empty for nothing. */
  readonly screen: string;
}

/** Follows a page from a folder; `cd` moves on for what comes after it. Stops at the first command that fails. */
export async function followPage(
  blocks: readonly Block[],
  start: Consumer,
): Promise<{ readonly steps: readonly Step[]; readonly last: Consumer }> {
  let here = start;
  const steps: Step[] = [];
  for (const [at, block] of blocks.entries()) {
    if (block.kind === "file") here.write(block.name, block.text);
    if (block.kind !== "commands") continue;
    const next = blocks[at + 1];
    for (const line of block.lines) {
      const folder = /^cd (\S+)$/.exec(line)?.[1];
      if (folder !== undefined) {
        here = createConsumer(path.join(here.dir, folder), here.env);
        continue;
      }
      const outcome = await here.shell(line);
      steps.push({
        line,
        outcome,
        screen: next?.kind === "screen" && line === block.lines.at(-1) ? next.text : "",
      });
      if (outcome.code !== 0) return { steps, last: here };
    }
  }
  return { steps, last: here };
}

/** A screen without what differs from machine to machine: digits, and the width of columns that hang on them. */
export function wordsOf(screen: string): string {
  return screen
    .replace(/\d+(\.\d+)?(e-?\d+)?/g, "0")
    .replace(/[─┌┬┐├┼┤└┴┘│]+/g, "|")
    .replace(/[ \t|]+/g, " ")
    .trim();
}
