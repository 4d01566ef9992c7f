import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../testing/harness.ts";
import { variableOf } from "./option.ts";
import { printedConfiguration } from "./print-configuration.ts";
import { type ConfigurationInput, readConfiguration } from "./read-configuration.ts";
import { serverOptions } from "./table.ts";

const cwd = path.resolve("/srv");

const read = (input: Partial<ConfigurationInput>) => readConfiguration({ flags: {}, env: {}, cwd, ...input });

async function issuesOf(input: Partial<ConfigurationInput>): Promise<readonly string[]> {
  const outcome = await read(input).catch((cause: { code: string; details: { issues: string[] } }) => cause);
  if ("configuration" in outcome) return [];
  expect(outcome.code).toBe("SERVER_CONFIG");
  return outcome.details.issues;
}

async function configFile(content: unknown): Promise<string> {
  const file = path.join(await temporaryFolder(), "server.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

test("defaults: this machine, ports 8080 and 8081, nobody else's pages, no keys", async () => {
  const { configuration, sources, warnings } = await read({});
  expect(configuration).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
    adminHost: "127.0.0.1",
    adminPort: 8081,
    logLevel: "info",
    allowOrigin: [],
    workers: "auto",
  });
  expect(configuration.keys).toBeUndefined();
  expect(new Set(Object.values(sources))).toEqual(new Set(["default"]));
  expect(warnings).toEqual([]);
});

describe("a flag counts before the environment, that before the file, that before the default", () => {
  const given = {
    flags: { port: "1" },
    env: { ATTUNE_PORT: "2", ATTUNE_DRAIN_MS: "2", ATTUNE_HOST: "" },
    content: { port: 3, drainMs: 3, maxQueueMs: 3, host: "0.0.0.0" },
  };

  test.each([
    ["port", 1, "flag"],
    ["drainMs", 2, "environment"],
    ["maxQueueMs", 3, "file"],
    ["host", "0.0.0.0", "file"],
    ["requestTimeoutMs", 5000, "default"],
  ] as const)("%s is %s, from the %s", async (name, value, source) => {
    const { configuration, sources } = await read({ ...given, file: await configFile(given.content) });
    expect(configuration[name]).toBe(value);
    expect(sources[name]).toBe(source);
  });

  test("the file may be named by the environment", async () => {
    const env = { ATTUNE_CONFIG: await configFile({ port: 3 }) };
    expect(await read({ env })).toMatchObject({ configuration: { port: 3, adminPort: 4 } });
  });

  test("a program's own default stands below all of them", async () => {
    const defaults = { logLevel: "warn" } as const;
    expect(await read({ defaults })).toMatchObject({ configuration: { logLevel: "warn" } });
    expect(await read({ defaults, env: { ATTUNE_LOG_LEVEL: "error" } })).toMatchObject({
      configuration: { logLevel: "error" },
    });
  });
});

// One value for each option, as text and as JSON: whoever adds an option adds a line.
const samples: Record<keyof typeof serverOptions, readonly [text: string, value: unknown]> = {
  artifact: ["/a", path.resolve("/a")],
  models: ["/m", path.resolve("/m")],
  defaultModel: ["champion", "champion"],
  host: ["::1", "::1"],
  port: ["0", 0],
  adminHost: ["10.0.0.1", "10.0.0.1"],
  adminPort: ["off", "off"],
  assets: ["/w", path.resolve("/w")],
  logLevel: ["silent", "silent"],
  keys: ["/k.json", path.resolve("/k.json")],
  ratePerAddress: ["20", 20],
  allowOrigin: ["https://a.example", ["https://a.example"]],
  allowHost: ["ops.example", ["ops.example"]],
  tlsCert: ["/c.pem", path.resolve("/c.pem")],
  tlsKey: ["/k.pem", path.resolve("/k.pem")],
  bodyLimit: ["2048", 2048],
  maxQueueMs: ["50", 50],
  maxInFlightMb: ["8", 8],
  requestTimeoutMs: ["100", 100],
  maxSlateItems: ["100", 100],
  drainDelayMs: ["8000", 8000],
  drainMs: ["0", 0],
  workers: ["2", 2],
  otlpEndpoint: ["http://127.0.0.1:4318", "http://127.0.0.1:4318"],
};

describe.each(Object.entries(samples))("%s", (name, [text, value]) => {
  const beside = { tlsCert: { ATTUNE_TLS_KEY: "/k" }, tlsKey: { ATTUNE_TLS_CERT: "/c" } }[name] ?? {};

  test("is the same from flag, environment and file", async () => {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const inputs = [
      { flags: { [flag]: text } },
      { env: { [variableOf(name)]: text, ...beside } },
      { file: await configFile({ [name]: value }) },
    ];
    for (const input of inputs) {
      const { configuration } = await read({ env: beside, ...input });
      expect(configuration[name as keyof typeof samples]).toEqual(value);
    }
  });
});

test("lists come with commas and from flags given several times", async () => {
  const flags = { "allow-origin": ["https://a.example, https://b.example", "http://c.example:3000"] };
  const { configuration } = await read({ flags });
  expect(configuration.allowOrigin).toEqual([
    "https://a.example",
    "https://b.example",
    "http://c.example:3000",
  ]);
});

test("relative paths start where the program stands, those of a file at its folder", async () => {
  const file = await configFile({ assets: "page", keys: "keys.json" });
  const { configuration } = await read({ flags: { artifact: "a/3" }, file });
  expect(configuration).toMatchObject({
    artifact: path.join(cwd, "a/3"),
    assets: path.join(path.dirname(file), "page"),
    keys: path.join(path.dirname(file), "keys.json"),
  });
});

test.each([
  ["port", "70000", /--port: expected an integer from 0 to 65535, got 70000/],
  ["port", "http", /--port: expected an integer .* got "http"/],
  ["port", "-1", /--port: expected an integer/],
  ["port", "8e3", /--port: expected an integer/],
  ["port", "", /--port: expected an integer/],
  ["admin-port", "none", /--admin-port: expected an integer from 0 to 65535 or off, got "none"/],
  ["workers", "1.5", /--workers: expected an integer from 0 to 64 or auto/],
  ["log-level", "loud", /--log-level: expected one of trace, .*silent, got "loud"/],
  ["host", "http://a", /--host: expected an address or a name, without scheme and port/],
  ["allow-origin", "shop.example", /--allow-origin: expected an origin .* got "shop.example"/],
  ["allow-origin", "https://shop.example/", /--allow-origin: expected an origin/],
  ["allow-origin", "https://shop.example:443", /--allow-origin: expected an origin/],
  ["allow-origin", "https://a.example,null", /--allow-origin: expected an origin .* got "null"/],
  ["allow-host", "ops.example:80", /--allow-host: expected a name without scheme and port/],
  ["otlp-endpoint", "127.0.0.1:4318", /--otlp-endpoint: expected an address that begins with http/],
  ["artifact", "", /--artifact: expected a value/],
  ["keys", '{"keys":[]}', /--keys: name a file; keys themselves may stand in ATTUNE_KEYS/],
])("--%s %s is refused", async (flag, text, message) => {
  expect(await issuesOf({ flags: { [flag]: text } })).toEqual([expect.stringMatching(message)]);
});

test.each([
  ["artifact and models", { artifact: "a", models: "b" }, /artifact and models: give one of them/],
  ["half of TLS", { "tls-cert": "c.pem" }, /tlsKey is missing/],
  ["one port twice", { port: "80", "admin-port": "80" }, /adminPort and port are both 80/],
  ["one port twice, on all addresses", { port: "80", "admin-port": "80", host: "0.0.0.0" }, /are both 80/],
  ["no port after the last", { port: "65535" }, /adminPort: .* give another, or off/],
  [
    "bodies larger than all of them",
    { "body-limit": "2000000", "max-in-flight-mb": "1" },
    /do not hold one body/,
  ],
])("%s: refused together", async (_, flags, message) => {
  expect(await issuesOf({ flags })).toEqual([expect.stringMatching(message)]);
});

test("the same port on two addresses is fine", async () => {
  const flags = { port: "80", "admin-port": "80", "admin-host": "10.0.0.1" };
  expect(await issuesOf({ flags })).toEqual([]);
});

test("every problem of flags, environment and file stands in one error", async () => {
  const file = await configFile({ prot: 1, drainMs: "2", allowOrigin: "*", workers: 99, logLevel: "error" });
  const issues = await issuesOf({
    problems: ["--nope: there is no such option"],
    flags: { port: "x", host: "a b" },
    env: { ATTUNE_PORT: "y", ATTUNE_MAX_QUEUE_MS: "soon" },
    file,
  });
  expect(issues).toEqual([
    "--nope: there is no such option",
    `prot in ${file}: there is no such option (did you mean port?)`,
    expect.stringMatching(/^--host: /),
    expect.stringMatching(/^--port: /),
    expect.stringMatching(/^ATTUNE_PORT: /),
    expect.stringMatching(/^allowOrigin in .*: expected a list of texts, got "\*"/),
    expect.stringMatching(/^ATTUNE_MAX_QUEUE_MS: /),
    expect.stringMatching(/^drainMs in .*: expected an integer from 0 to 600000, got "2"/),
    expect.stringMatching(/^workers in .*: expected an integer from 0 to 64 or auto, got 99/),
  ]);
});

test.each([
  ["that is not there", undefined, /no-such\.json: it cannot be read \(ENOENT\)/],
  ["of broken JSON", '{"port": 80', /it is not JSON/],
  ["that holds a list", "[]", /expected an object of options/],
  ["with __proto__", '{"__proto__": {"port": 1}}', /__proto__ in .*: there is no such option/],
  ["with the name of a flag", '{"max-queue-ms": 1}', /did you mean maxQueueMs\?/],
])("a file %s is refused", async (_, content, message) => {
  const file = content === undefined ? "no-such.json" : await configFile(content);
  expect(await issuesOf({ file })).toEqual([expect.stringMatching(message)]);
});

test("variables that look like misspelt options are warned of, others are not ours to judge", async () => {
  const { warnings } = await read({
    env: {
      ATTUNE_MAX_QUEU_MS: "1",
      ATTUNE_NO_NPM_BROWSER: "1",
      ATTUNE_POTR: "1",
      PORT: "1",
      ATTUNE_CONFIG: "",
    },
  });
  expect(warnings).toEqual([
    "ATTUNE_MAX_QUEU_MS is no option and was passed over; did you mean ATTUNE_MAX_QUEUE_MS?",
    "ATTUNE_POTR is no option and was passed over; did you mean ATTUNE_PORT?",
  ]);
});

test("what is printed names every option with its source, and no key", async () => {
  const secret = "secret-0123456789abcdef";
  const json = JSON.stringify({ keys: [{ id: "web", key: secret, groups: ["inference"] }] });
  const printed = printedConfiguration(await read({ env: { ATTUNE_KEYS: json, ATTUNE_PORT: "90" } }));
  expect(Object.keys(printed)).toEqual(Object.keys(serverOptions));
  expect(printed).toMatchObject({
    keys: { value: "***", source: "environment" },
    port: { value: 90, source: "environment" },
    adminPort: { value: 91, source: "default" },
    models: { value: null, source: "default" },
  });
  expect(JSON.stringify(printed)).not.toContain(secret);
});
