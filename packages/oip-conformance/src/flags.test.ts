import { expect, test } from "vitest";
import { parseFlags } from "./flags.ts";

test("every option arrives", () => {
  const words = "http://a:1 --model m --model n --model-version 2 --admin-url https://b --timeout-ms 50";
  const more = ["--header", "X-Key: a:b ", "--admin-header", "x-key:c", "--only", "infer", "--json"];
  expect(parseFlags([...words.split(" "), ...more])).toEqual({
    kind: "flags",
    flags: {
      url: "http://a:1",
      models: ["m", "n"],
      modelVersion: "2",
      adminUrl: "https://b",
      headers: { "x-key": "a:b" },
      adminHeaders: { "x-key": "c" },
      timeoutMs: 50,
      groups: ["infer"],
      json: true,
    },
  });
});

test("every problem is told at once", () => {
  const words = ["ftp://a", "--only", "nothing", "--timeout-ms", "0", "--admin-url", "b", "--header", "x"];
  const parsed = parseFlags(words);
  expect(parsed.kind === "misuse" && parsed.problem.split("; ").map((one) => one.slice(0, 20))).toEqual([
    "--only: there is no ",
    "there are health, se",
    "the URL must begin w",
    "--admin-url must beg",
    '--header must be "NA',
    "--timeout-ms must be",
  ]);
});

test("a header that is none is not shown: it may be a key", () => {
  const parsed = parseFlags(["http://a", "--header", "sécret"]);
  expect(parsed).toEqual({ kind: "misuse", problem: '--header must be "NAME: VALUE", in ASCII' });
});

test.each([
  ["no URL", []],
  ["two URLs", ["http://a", "http://b"]],
  ["an option that is not there", ["http://a", "--fast"]],
  ["one request for two models", ["http://a", "--request", "r.json", "--model", "a", "--model", "b"]],
])("%s is misuse", (_, argv) => {
  expect(parseFlags(argv).kind).toBe("misuse");
});

test("--list and --help need no URL", () => {
  expect(parseFlags(["--list", "--only", "infer"])).toEqual({ kind: "list", groups: ["infer"] });
  expect(parseFlags(["--help"])).toEqual({ kind: "help" });
});
