import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findJsonFault } from "./find-fault.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("findJsonFault", () => {
  test("agrees with JSON.parse on every text", () => {
    const nearlyJson = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", "]", '"', "\\", "N", "\n", "\u0001", "0"))
      .map(([text, position, inserted]) => {
        const at = position % (text.length + 1);
        return text.slice(0, at) + inserted + text.slice(at + (position % 2));
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), nearlyJson), (text) => {
        expect(findJsonFault(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['{"k": NaN}', 1, 7, 'expected a value, found "N"'],
    ['{"history": [1, 2', 1, 18, "expected , or ], the text ends"],
    ["{\n  'k': 1\n}", 2, 3, 'expected a key in double quotes or }, found "\'"'],
    ['{"k": 1,}', 1, 9, 'expected a key in double quotes, found "}"'],
    ["[1] x", 1, 5, 'expected the end of the text, found "x"'],
    ['"a\\x"', 1, 3, 'expected a character a string may hold, found "\\\\"'],
    ["01", 1, 2, 'expected the end of the text, found "1"'],
  ])("says where %j breaks", (text, line, column, reason) => {
    expect(findJsonFault(text)).toMatchObject({ line, column, reason });
  });

  test("walks a hundred thousand brackets without recursion", () => {
    expect(findJsonFault("[".repeat(100_000))).toMatchObject({ offset: 100_000 });
  });
});
