import { expect, test } from "vitest";
import { helpText, optionsTable } from "./help.ts";
import { flagOf } from "./option.ts";
import { parseWords } from "./parse-words.ts";
import { serverOptions } from "./table.ts";

test("takes flags with their values, lists several times, and the file", () => {
  const words = parseWords(["--port", "0", "--allow-origin=a", "--allow-origin", "b", "--config", "c.json"]);
  expect(words).toEqual({
    flags: { port: ["0"], "allow-origin": ["a", "b"] },
    config: "c.json",
    asksHelp: false,
    asksConfiguration: false,
    problems: [],
  });
});

test.each([["--help"], ["-h"]])("%s asks for help, whatever else there is", (word) => {
  expect(parseWords([word, "--nope"])).toMatchObject({ asksHelp: true });
});

test("every word that does not fit is named, with the one that was probably meant", () => {
  const { problems } = parseWords(
    "serve --prot 1 --threads 2 --port 1 --port 2 --print-config=yes --host".split(" "),
  );
  expect(problems).toEqual([
    'unexpected word "serve"',
    "--prot: there is no such option (did you mean --port?)",
    'unexpected word "1"',
    "--threads: there is no such option",
    'unexpected word "2"',
    "--print-config: takes no value",
    "--host: needs a value",
    "--port: given 2 times",
  ]);
});

test("a flag does not take the next one for its value", () => {
  expect(parseWords(["--host", "--port=0"]).problems).toEqual([
    "--host: needs a value, not --port=0; one that begins so is written --host=--port=0",
  ]);
});

test("help and the table of the docs name every option", () => {
  const help = helpText();
  const table = optionsTable();
  for (const [name, { description }] of Object.entries(serverOptions)) {
    expect(help).toContain(`--${flagOf(name)} `);
    expect(help).toContain(description);
    expect(table).toContain(`| \`${name}\` |`);
  }
});
