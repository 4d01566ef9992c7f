// Every `attune …` of every page is a command that there is, with options that it takes.
import { expect, test } from "vitest";
import { checkValues, parseWords } from "../../packages/cli/src/arguments.ts";
import { commands } from "../../packages/cli/src/commands/index.ts";
import { commonOptions, type OptionSpecs } from "../../packages/cli/src/option.ts";
import { codeOf, markdownPages } from "./markdown.ts";

const starts = /(?:^|&& )(?:npx (?:--\S+ )*|pnpm (?:-s |exec |dlx )*)?attune(?: (.*))?$/;

/** The words after `attune`, up to a comment, a pipe or a redirection; undefined for another line. */
function wordsOf(line: string): readonly string[] | undefined {
  const found = starts.exec(line.replace(/\s+(#|\/\/|[|>&]).*$/, ""));
  return found === null ? undefined : (found[1] ?? "").split(" ").filter(Boolean);
}

const lines = markdownPages().flatMap(({ file, text }) =>
  codeOf(text).flatMap((line) => {
    const words = wordsOf(line);
    return words === undefined || words.length === 0 ? [] : [{ file, line, words }];
  }),
);

test("the pages have lines to check, whole ones and parts of sentences", () => {
  expect(lines.length).toBeGreaterThan(60);
  expect(wordsOf("npx attune quickstart   # prepare, train")).toEqual(["quickstart"]);
  expect(wordsOf("pnpm -s attune doctor")).toEqual(["doctor"]);
  expect(wordsOf("npm install attune")).toBeUndefined();
});

test.each(lines)("$file: $line", ({ words: [name = "", ...rest] }) => {
  if (["--version", "--help", "help", "<command>"].includes(name)) return;
  const command = commands.find((one) => one.name === name);
  expect(command, `no command ${name}`).toBeDefined();
  const options: OptionSpecs = { ...command!.options, ...commonOptions };
  const { values, positionals } = parseWords(name, completed(rest, options), options);
  expect(checkValues(values, options)).toEqual([]);
  expect(positionals.length).toBeLessThanOrEqual(command!.positionals.length);
});

/** In a sentence an option may stand without its value: it is then left out, if there is such an option. */
function completed(rest: readonly string[], options: OptionSpecs): readonly string[] {
  const words = rest.filter((word) => word !== "[options]");
  const lacksValue = (word: string, at: number) =>
    options[word.replace(/^--/, "")]?.type === "string" && (words[at + 1] ?? "--").startsWith("--");
  return words.filter((word, at) => !lacksValue(word, at));
}
