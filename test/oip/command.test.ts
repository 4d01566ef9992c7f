// The command as people start it: exit codes, what is printed where, and no secrets.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { cases, type Report } from "@attune/oip-conformance";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { collectOutput } from "../collect-output.ts";
import { json, startReferenceServer } from "./reference-server.ts";

const bin = path.resolve(import.meta.dirname, "../../packages/oip-conformance/src/bin.ts");
const nodeFlags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];

function command(...args: readonly string[]) {
  return collectOutput(
    spawn(process.execPath, [...nodeFlags, bin, ...args], { stdio: ["ignore", "pipe", "pipe"] }),
  );
}

let server: Awaited<ReturnType<typeof startReferenceServer>>;
let broken: typeof server;
beforeAll(async () => {
  server = await startReferenceServer();
  broken = await startReferenceServer((next) => (request) => {
    return request.path === "/v2/health/ready" ? json(200, "ready") : next(request);
  });
});
afterAll(async () => {
  await server.close();
  await broken.close();
});

test("a server that conforms is exit code 0, with a table and no colours", async () => {
  const { code, stdout, stderr } = await command(server.url, "--admin-url", server.url);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Open Inference Protocol v2 at http:\/\/127\.0\.0\.1:\d+: reference 1\.0\.0\n/);
  expect(stdout).toMatch(/\n +passed +failed +warnings +notes +skipped\nHealth +11 +· +· +· +·\n/);
  expect(stdout).toContain("Conforms: nothing that it must do fails.");
  expect(stdout).not.toContain("\u001b");
});

test("one that does not is exit code 1, with the request, what was expected, what came and where it is written", async () => {
  const key = "a-secret-key";
  const { code, stdout } = await command(broken.url, "--only", "health", "--header", `x-key: ${key}`);
  expect(code).toBe(1);
  const failure = stdout.slice(stdout.indexOf("Failures (1)"), stdout.indexOf("Warnings"));
  expect(failure.replaceAll(broken.url, "URL")).toBe(`Failures (1)

health.ready: GET /v2/health/ready answers 200
  must: an empty body, or one as the schema health_server_response says
  came: the body must be object
  $ curl -i -H 'x-key: …' 'URL/v2/health/ready'
  → 200: "ready"
  spec: Open Inference Protocol, inference_rest.md, Server Ready
        https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
  note: Published readings of the body disagree: empty (required_api.md), {"live"} (inference_rest.md), {"ready"} (KServe's server). All pass.

`);
  expect(stdout).toContain("Does not conform: 1 of what it must do fail.");
  expect(stdout).not.toContain(key);
});

test("--json prints the report and nothing else", async () => {
  const key = "a-secret-key";
  const { code, stdout } = await command(
    broken.url,
    "--json",
    "--model",
    "single",
    "--header",
    `x-key: ${key}`,
  );
  const report = JSON.parse(stdout) as Report;
  expect(code).toBe(1);
  expect(report).toMatchObject({ url: broken.url, conforms: false, counts: { failed: 1, warned: 1 } });
  expect(report.kit.name).toBe("@attune/oip-conformance");
  expect(report.results.filter(({ outcome }) => outcome === "failed").map(({ id }) => id)).toEqual([
    "health.ready",
  ]);
  expect(stdout).not.toContain(key);
});

test("--request takes a file, and says what is wrong with it", async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "oip-request-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = path.join(dir, "request.json");
  const args = [server.url, "--model", "single", "--only", "infer", "--request", file];

  writeFileSync(
    file,
    JSON.stringify({ inputs: [{ name: "values", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] }] }),
  );
  expect((await command(...args)).stdout).toContain("model single: given request");

  writeFileSync(file, '{"inputs": [{}]}');
  const { code, stderr } = await command(...args);
  expect(code).toBe(2);
  expect(stderr).toContain('expected { "inputs": [{ name, shape, datatype, data }, …] }');
});

test("misuse is exit code 2, with the usage on stderr and nothing on stdout", async () => {
  const { code, stdout, stderr } = await command();
  expect(code).toBe(2);
  expect(stderr).toMatch(/^oip-conformance: give one URL.+\n\noip-conformance URL \[options\]\n/);
  expect(stdout).toBe("");
});

test("a server that cannot be reached is exit code 3", async () => {
  const gone = await startReferenceServer();
  await gone.close();
  const { code, stderr } = await command(gone.url);
  expect(code).toBe(3);
  expect(stderr).toBe(
    `oip-conformance: ${gone.url} cannot be reached: nothing listens there; check the address and that the server runs\n`,
  );
});

test("--list prints every case without a server", async () => {
  const { code, stdout } = await command("--list");
  expect(code).toBe(0);
  expect(cases.filter(({ id }) => !stdout.includes(`  ${id} `))).toEqual([]);
});

test("--help prints the options and exit codes", async () => {
  const { code, stdout } = await command("--help");
  expect(code).toBe(0);
  for (const word of ["--admin-url", "--request FILE", "3 the server cannot be reached"])
    expect(stdout).toContain(word);
});
