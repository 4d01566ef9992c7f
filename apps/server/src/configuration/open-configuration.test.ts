import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../testing/harness.ts";
import { testCertificate, testKey } from "../tls/testing/certificates.ts";
import { openConfiguration } from "./open-configuration.ts";
import { readConfiguration } from "./read-configuration.ts";

const json = JSON.stringify({ keys: [{ id: "web", key: "a-key-of-enough-length", groups: ["inference"] }] });

async function open(env: Record<string, string>) {
  const { configuration } = await readConfiguration({ flags: {}, env, cwd: "/srv" });
  return openConfiguration(configuration);
}

async function file(name: string, content: string): Promise<string> {
  const created = path.join(await temporaryFolder(), name);
  await writeFile(created, content, { mode: 0o600 });
  return created;
}

test("options become those of a server, megabytes bytes", async () => {
  const { options, warnings } = await open({
    ATTUNE_ARTIFACT: "a",
    ATTUNE_MAX_IN_FLIGHT_MB: "2",
    ATTUNE_WORKERS: "0",
  });
  expect(options).toMatchObject({
    artifactDir: path.resolve("/srv/a"),
    modelsDir: undefined,
    maxInFlightBytes: 2_097_152,
    workers: 0,
    adminPort: 8081,
    keys: undefined,
    tls: undefined,
  });
  expect(warnings).toEqual([]);
});

test("keys come from a file, or from the environment itself", async () => {
  for (const keys of [await file("keys.json", json), ` ${json}`]) {
    expect((await open({ ATTUNE_KEYS: keys })).options.keys).toMatchObject([{ id: "web" }]);
  }
});

test("certificates come from their files", async () => {
  const env = {
    ATTUNE_TLS_CERT: await file("c.pem", testCertificate),
    ATTUNE_TLS_KEY: await file("k.pem", testKey),
  };
  expect((await open(env)).options.tls?.key.toString()).toBe(testKey);
});

test("keys and certificates that are both wrong are one error", async () => {
  const tls = { ATTUNE_TLS_CERT: "none.pem", ATTUNE_TLS_KEY: "none.pem" };
  await expect(open({ ...tls, ATTUNE_KEYS: "{}" })).rejects.toMatchObject({
    code: "SERVER_CONFIG",
    details: { issues: [expect.stringContaining("ATTUNE_KEYS"), expect.stringContaining("TLS")] },
  });
  await expect(open(tls)).rejects.toMatchObject({ code: "SERVER_TLS" });
  await expect(open({ ATTUNE_KEYS: "{}" })).rejects.toMatchObject({ code: "SERVER_KEYS" });
});

test.each([
  [{ ATTUNE_HOST: "0.0.0.0" }, [/everybody who reaches 0\.0\.0\.0 may ask the models: give keys/]],
  [{ ATTUNE_HOST: "0.0.0.0", ATTUNE_KEYS: json }, []],
  [{ ATTUNE_HOST: "localhost" }, []],
  [{ ATTUNE_ADMIN_HOST: "10.0.0.1" }, [/without a key of the group admin/, /may read the metrics/]],
  [{ ATTUNE_ADMIN_HOST: "10.0.0.1", ATTUNE_ADMIN_PORT: "off" }, []],
  [{ ATTUNE_ALLOW_ORIGIN: "*" }, []],
  [{ ATTUNE_ALLOW_ORIGIN: "*", ATTUNE_KEYS: json }, [/pages of every origin may use keys here/]],
])("%o warns of what may not be meant", async (env, expected) => {
  const { warnings } = await open(env as Record<string, string>);
  expect(warnings).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
});
