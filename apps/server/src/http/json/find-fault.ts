/** Where a text stops being JSON. Engines word this differently and often leave the position out; we always say it. */

export interface JsonFault {
  /** UTF-16 code units before the fault. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly reason: string;
}

type Expectation = "value" | "value or ]" | "key" | "key or }" | ":" | ", or ]" | ", or }" | "end";

const whitespace = /[ \t\n\r]*/y;
const literal = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const escapes = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const words: Readonly<Record<Expectation, string>> = {
  value: "a value",
  "value or ]": "a value or ]",
  key: "a key in double quotes",
  "key or }": "a key in double quotes or }",
  ":": ":",
  ", or ]": ", or ]",
  ", or }": ", or }",
  end: "the end of the text",
};

/**
 * The first fault of a text that is not JSON (RFC 8259), or undefined for one that is.
 * Iterative, so nesting costs no stack; linear in the length.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  /** Open brackets, innermost last. */
  const open: ("[" | "{")[] = [];
  let expected: Expectation = "value";
  let at = 0;
  for (;;) {
    at = matchEnd(whitespace, text, at) ?? at;
    if (at === text.length && expected === "end") return undefined;
    const next = text[at];
    let end: number | undefined;
    if (expected.startsWith("value")) {
      if (next === "[" || next === "{") {
        open.push(next);
        expected = next === "[" ? "value or ]" : "key or }";
        at += 1;
        continue;
      }
      if (next === "]" && expected === "value or ]") end = closeBracket(open, at);
      else if (next === '"') end = stringEnd(text, at);
      else end = matchEnd(literal, text, at);
      if (typeof end === "number" && end < 0) return fault(text, -end - 1, "a character a string may hold");
      if (end === undefined) return fault(text, at, words[expected]);
      expected = afterValue(open);
    } else if (expected.startsWith("key")) {
      if (next === "}" && expected === "key or }") {
        end = closeBracket(open, at);
        expected = afterValue(open);
      } else if (next === '"') {
        end = stringEnd(text, at);
        if (end < 0) return fault(text, -end - 1, "a character a string may hold");
        expected = ":";
      } else return fault(text, at, words[expected]);
    } else if (next === ":" && expected === ":") {
      end = at + 1;
      expected = "value";
    } else if (next === "," && (expected === ", or ]" || expected === ", or }")) {
      end = at + 1;
      expected = expected === ", or ]" ? "value" : "key";
    } else if ((next === "]" && expected === ", or ]") || (next === "}" && expected === ", or }")) {
      end = closeBracket(open, at);
      expected = afterValue(open);
    } else return fault(text, at, words[expected]);
    at = end;
  }
}

function closeBracket(open: ("[" | "{")[], at: number): number {
  open.pop();
  return at + 1;
}

function afterValue(open: readonly ("[" | "{")[]): Expectation {
  const last = open.at(-1);
  return last === undefined ? "end" : last === "[" ? ", or ]" : ", or }";
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Index after the closing quote, or −1 − offset of the character that must not be there. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return at + 1;
    if (unit < 0x20) return -1 - at;
    if (unit === 0x5c) {
      const end = matchEnd(escapes, text, at);
      if (end === undefined) return -1 - at;
      at = end;
    } else at += 1;
  }
  return -1 - at;
}

function fault(text: string, offset: number, expected: string): JsonFault {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const column = offset - (before.lastIndexOf("\n") + 1) + 1;
  const found =
    offset >= text.length
      ? "the text ends"
      : `found ${JSON.stringify(String.fromCodePoint(text.codePointAt(offset)!))}`;
  return { offset, line, column, reason: `expected ${expected}, ${found}` };
}
