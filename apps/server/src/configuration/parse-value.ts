/** One option's value from text (a flag, a variable) or from JSON (a file). */
import type { OptionDefinition } from "./option.ts";

export type OptionValue = string | number | readonly string[];

export type ParsedValue =
  | { readonly value: OptionValue }
  /** What was expected, without the name of the option. */
  | { readonly problem: string };

/** @param texts - more than one when a flag was given several times. */
export function parseText(definition: OptionDefinition, texts: readonly string[]): ParsedValue {
  const { kind, words } = definition;
  if (kind === "list") {
    const parts = texts.flatMap((text) => text.split(",")).map((part) => part.trim());
    return checkTexts(definition, parts.filter(Boolean));
  }
  const text = texts.at(-1)!;
  if (kind !== "integer") return parseOne(definition, text);
  if (words?.includes(text)) return { value: text };
  return /^[0-9]{1,15}$/.test(text) ? parseInteger(definition, Number(text)) : notInteger(definition, text);
}

export function parseJsonValue(definition: OptionDefinition, value: unknown): ParsedValue {
  const { kind, words } = definition;
  if (kind === "integer") {
    if (typeof value === "string" && words?.includes(value)) return { value };
    return typeof value === "number" ? parseInteger(definition, value) : notInteger(definition, value);
  }
  if (kind === "list") {
    const isList = Array.isArray(value) && value.every((part) => typeof part === "string");
    return isList
      ? checkTexts(definition, value)
      : { problem: `expected a list of texts, got ${shown(value)}` };
  }
  return typeof value === "string"
    ? parseOne(definition, value)
    : { problem: `expected a text, got ${shown(value)}` };
}

function parseOne(definition: OptionDefinition, text: string): ParsedValue {
  const { words, check } = definition;
  if (text === "") return { problem: "expected a value, got an empty text" };
  if (words !== undefined && !words.includes(text)) {
    return { problem: `expected one of ${words.join(", ")}, got ${shown(text)}` };
  }
  const problem = check?.(text);
  return problem === undefined ? { value: text } : { problem: `${problem}; got ${shown(text)}` };
}

function checkTexts(definition: OptionDefinition, texts: readonly string[]): ParsedValue {
  const problems = texts.flatMap((text) => {
    const parsed = parseOne(definition, text);
    return "problem" in parsed ? [parsed.problem] : [];
  });
  return problems.length === 0 ? { value: texts } : { problem: problems.join("; ") };
}

function parseInteger(definition: OptionDefinition, value: number): ParsedValue {
  const [least, most] = definition.range!;
  return Number.isInteger(value) && value >= least && value <= most
    ? { value }
    : notInteger(definition, value);
}

function notInteger({ range, words = [] }: OptionDefinition, found: unknown): ParsedValue {
  const or = words.map((word) => ` or ${word}`).join("");
  return { problem: `expected an integer from ${range![0]} to ${range![1]}${or}, got ${shown(found)}` };
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 80);
}
