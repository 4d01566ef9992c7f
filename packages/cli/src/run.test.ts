import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkValues, parseWords } from "./arguments.ts";
import { commands } from "./commands/index.ts";
import { commonOptions } from "./option.ts";
import { createFolder, type Folder, run } from "./testing/terminal.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

test("no command prints the overview and is misuse; help is not", async () => {
  const nothing = await run([], folder.dir);
  expect(nothing.code).toBe(2);
  expect(nothing.printed).toContain("Usage: attune <command>");
  expect((await run(["--help"], folder.dir)).code).toBe(0);
});

test.each(["--version", "-v", "version"])("attune %s prints the package's version", async (word) => {
  const manifest = path.resolve(import.meta.dirname, "../package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  expect(await run([word], folder.dir)).toMatchObject({ code: 0, printed: version });
  expect(await folder.attune(word)).toMatchObject({ code: 0, json: { version } });
});

test("an unknown command names those that exist", async () => {
  const { code, json, text } = await folder.attune("deploy");
  expect(code).toBe(2);
  expect(text).toContain("quickstart");
  expect(text).not.toContain("did you mean");
  expect(json).toMatchObject({ error: { code: "CLI_USAGE" } });
});

test.each([
  ["hlep", "did you mean help?"],
  ["quikstart", "did you mean quickstart?"],
  ["eval", "did you mean evaluate?"],
])("a misspelt command, %s, gets the nearest one", async (word, nearest) => {
  const { code, text } = await folder.attune(word);
  expect(code).toBe(2);
  expect(text).toContain(nearest);
});

test("misspelt options get the nearest ones, all in one error", async () => {
  const { code, json } = await folder.attune("quickstart", "--no-sevre", "--prot", "80", "--zzz");
  expect(code).toBe(2);
  expect(json).toMatchObject({
    error: {
      code: "CLI_USAGE",
      message: expect.stringMatching(
        /no option --no-sevre \(did you mean --no-serve\?\); no option --prot \(did you mean --port\?\); no option --zzz;/,
      ),
    },
  });
});

test("a log level that pino does not know is refused before work, with the nearest one", async () => {
  const { code, json } = await folder.attune("serve", "--log-level", "wran", "--port", "0");
  expect(code).toBe(2);
  expect(json).toMatchObject({
    error: { code: "CLI_USAGE", message: expect.stringContaining('not "wran" (did you mean warn?)') },
  });
});

test("wrong values are listed together", async () => {
  const { json } = await folder.attune("quickstart", "--port", "70000", "--as", "0", "--log-level", "loud");
  const { message } = (json as { error: { message: string } }).error;
  expect(message).toContain("--port must be a whole number from 0 to 65535");
  expect(message).toContain("--as must be a whole number of at least 1");
  expect(message).toContain("--log-level is one of trace, debug");
});

describe("beside --json an error is JSON", () => {
  test.each([
    ["no command", ["--json"]],
    ["an unknown command", ["--json", "hlep"]],
    ["--json before the command", ["--json", "train", "--nonsense"]],
    ["help for no command", ["help", "nonsense", "--json"]],
    ["a value that is missing", ["train", "--json", "--config"]],
  ])("%s", async (_, argv) => {
    const { code, json, printed } = await run(argv, folder.dir);
    expect([code, printed]).toEqual([2, ""]);
    expect(json).toMatchObject({ error: { code: "CLI_USAGE" } });
  });

  test("whatever a command throws", async () => {
    const broken = { ...commands[0]!, name: "broken", run: () => Promise.reject(new TypeError("oops")) };
    const { code, json } = await run(["broken", "--json"], folder.dir, [broken]);
    expect(code).toBe(1);
    expect(json).toEqual({ error: { code: "INTERNAL", message: "oops", details: {} } });
  });
});

describe.each(commands)("attune $name", ({ name, options, examples }) => {
  test("--help lists its options and its examples; so does attune help", async () => {
    const { code, printed } = await run([name, "--help"], folder.dir);
    expect(code).toBe(0);
    for (const option of Object.keys(options)) expect(printed).toContain(`--${option}`);
    for (const example of examples) expect(printed).toContain(`  ${example}\n`.trimEnd());
    expect((await run(["help", name], folder.dir)).printed).toBe(printed);
  });

  test("has examples that its options understand", () => {
    for (const example of examples) {
      const [program, command, ...words] = example.replace(/ >.*/, "").split(" ");
      expect([program, command]).toEqual(["attune", name]);
      const { values } = parseWords(name, words, { ...options, ...commonOptions });
      expect(checkValues(values, options)).toEqual([]);
    }
  });

  test("refuses an option it does not have, as misuse", async () => {
    const { code, json } = await folder.attune(name, "--no-such-option");
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { code: "CLI_USAGE" } });
  });
});

test("--help with --json gives the text to programs as JSON and to people on stderr", async () => {
  const { code, json, text, printed } = await folder.attune("train", "-h");
  expect(code).toBe(0);
  expect(text).toContain("--config FILE");
  expect([json, printed]).toEqual([{ help: text }, ""]);
  expect((await folder.attune("--help")).text).toContain("Usage: attune <command>");
});

test("command names are unique", () => {
  expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
});

test("an artifact that is not there says what to run", async () => {
  folder.write(
    "attune.config.json",
    JSON.stringify({ name: "x", data: { events: { path: "e.csv", columns: { user: "u", item: "i" } } } }),
  );
  const { code, json } = await folder.attune("recommend");
  expect(code).toBe(1);
  expect(json).toMatchObject({
    error: { code: "FILE_READ", message: expect.stringContaining("attune quickstart") },
  });
});

test.each(["0", "-1", "1.5", "NaN", "many", ""])("recommend --k %s is misuse", async (k) => {
  const { code, json } = await folder.attune("recommend", `--k=${k}`);
  expect(code).toBe(2);
  expect(json).toMatchObject({ error: { code: "CLI_USAGE" } });
});

test("inspect refuses what is no ONNX file, and reports what Attune will not load", async () => {
  folder.write("model.onnx", "not a model");
  const { code, json } = await folder.attune("inspect", "model.onnx");
  expect(code).toBe(1);
  expect(json).toMatchObject({ error: { code: "ONNX_PARSE" } });
  expect((await folder.attune("inspect", "nothing.onnx")).json).toMatchObject({
    error: { code: "FILE_READ" },
  });
  expect((await folder.attune("inspect")).code).toBe(2);
});

test("items that the items file does not name are counted", async () => {
  const rows = Array.from({ length: 400 }, (_, index) => `u${index % 40},i${(index * 7) % 23}`);
  folder.write("events.csv", `user,item\n${rows.join("\n")}\n`);
  folder.write("items.csv", "id,title\ni1,One\ni2,\n");
  const data = {
    events: { path: "events.csv", columns: { user: "user", item: "item" } },
    items: { path: "items.csv", columns: { item: "id", title: "title" } },
    split: { kind: "random" },
  };
  // As some editors save it: with a byte order mark.
  folder.write("attune.config.json", `\ufeff${JSON.stringify({ name: "shop", data })}`);
  const { code, text } = await folder.attune("prepare");
  expect(code, text).toBe(0);
  expect(text).toContain("21 of 23 items have no row in items.csv");
});

test("a config that throws, or exports nothing, is named", async () => {
  mkdirSync(path.join(folder.dir, "a"));
  writeFileSync(path.join(folder.dir, "a/attune.config.mjs"), "export const config = {};\n");
  const { code, json } = await folder.attune("prepare", "--config", "a");
  expect(code).toBe(1);
  expect(json).toMatchObject({
    error: { code: "CONFIG_LOAD", message: expect.stringContaining("default export") },
  });
});

test.each(["1e3", "0x10", "2.0", " 7", "9007199254740993"])("%s is no version number", (as) => {
  const range = [1, Number.MAX_SAFE_INTEGER] as const;
  expect(checkValues({ as }, { as: { type: "string", description: "", range } })).toHaveLength(1);
});

test("every option that lacks a value, or has one too many, is named", () => {
  const options = {
    history: { type: "string", description: "" },
    json: { type: "boolean", description: "" },
  } as const;
  expect(() => parseWords("recommend", ["--json=x", "--history", "--jsn"], options)).toThrow(
    "--json takes no value; --history needs a value, not --jsn",
  );
});
