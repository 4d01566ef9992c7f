import { expect, test } from "vitest";
import { parseFlags } from "./flags.ts";

test("defaults: this machine, port 8080, level info", () => {
  expect(parseFlags(["--artifact", "a"])).toEqual({
    kind: "flags",
    flags: { artifactDir: "a", assetsDir: undefined, host: "127.0.0.1", port: 8080, logLevel: "info" },
  });
});

test("takes every flag", () => {
  const words = "--artifact a --assets b --host 0.0.0.0 --port 0 --log-level silent";
  expect(parseFlags(words.split(" "))).toMatchObject({
    flags: { artifactDir: "a", assetsDir: "b", host: "0.0.0.0", port: 0, logLevel: "silent" },
  });
});

test.each([
  ["", /--artifact DIR is required/],
  ["--artifact a --port 99999", /--port must be an integer from 0 to 65535/],
  ["--artifact a --port http", /--port must be an integer/],
  ["--artifact a --port -1", /--port/],
  ["--artifact a --log-level loud", /--log-level must be one of/],
  ["--artifact a --threads 2", /Unknown option '--threads'/],
  ["a", /Unexpected argument 'a'/],
])('"%s" is misuse', (words, problem) => {
  expect(parseFlags(words.split(" ").filter(Boolean))).toEqual({
    kind: "misuse",
    problem: expect.stringMatching(problem),
  });
});

test("help wins over everything else", () => {
  expect(parseFlags(["--help", "--port", "x"])).toEqual({ kind: "help" });
});
