/** Several versions of a model on a server as it is started: asked by version and alias, loaded and unloaded by operators. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyArtifact } from "@attune/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createServer, type Server } from "../create-server.ts";
import { protocolProblems } from "./testing/protocol-schemas.ts";

let dir: string;
let server: Server;

/** `tiny/1`, `tiny/2`, and `tiny/3` whose model was altered. */
async function writeRepository(): Promise<void> {
  for (const version of [1, 2, 3]) {
    const { files } = tinyArtifact((manifest) => ({ ...manifest, version }));
    const folder = join(dir, "tiny", String(version));
    await mkdir(folder, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  }
  await writeFile(join(dir, "tiny", "3", "model.onnx"), "no model");
  const split = [
    { model: "tiny", version: 1, share: 0.5 },
    { model: "tiny", version: 2, share: 0.5 },
  ];
  const aliases = [
    { alias: "champion", model: "tiny", version: 1 },
    { alias: "trial", split },
  ];
  await writeFile(join(dir, "aliases.json"), JSON.stringify({ schemaVersion: 1, aliases }));
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "attune-oip-"));
  await writeRepository();
  server = await createServer({ modelsDir: dir, port: 0 });
  await server.ready;
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly error?: string; readonly model_name?: string; readonly model_version?: string };
}

async function call(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer["body"],
  };
}

const operate = (path: string, body?: string) =>
  call(`${server.adminUrl}/v2/repository/${path}`, { method: "POST", ...(body !== undefined && { body }) });

function infer(path: string, parameters: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
  const inputs = [{ name: "history", shape: [1, 0], datatype: "BYTES", data: [] }];
  const body = JSON.stringify({ inputs, parameters });
  return call(`${server.url}/v2/models/${path}/infer`, { method: "POST", body, headers });
}

describe("aliases and versions", () => {
  test("a name, a version and an alias lead to a version, and the answer says to which", async () => {
    for (const [path, name, version] of [
      ["tiny", "tiny", "1"],
      ["tiny/versions/2", "tiny", "2"],
      ["champion", "champion", "1"],
    ] as const) {
      const { body, headers } = await infer(path);
      expect(body).toMatchObject({ model_name: name, model_version: version });
      expect(headers.get("x-attune-model")).toBe(`tiny/${version}`);
    }
    const { body } = await call(`${server.url}/v2/models/champion`);
    expect(body).toMatchObject({
      name: "champion",
      versions: ["1", "2"],
      properties: { model: "tiny", version: "1" },
    });
    expect((await call(`${server.url}/v2/models`)).body).toEqual({ models: ["tiny"] });
  });

  test("a routing key always gets the same version, as parameter and as header", async () => {
    const seen = new Set<string>();
    for (let index = 0; index < 24; index++) {
      const routing_key = `person-${index}`;
      const first = (await infer("trial", { routing_key })).body.model_version!;
      const second = (await infer("trial", {}, { "x-routing-key": routing_key })).body.model_version!;
      expect(second).toBe(first);
      seen.add(first);
    }
    expect([...seen].toSorted()).toEqual(["1", "2"]);
  });

  test("statistics are told of each version", async () => {
    const { body } = await call(`${server.url}/v2/models/tiny/stats`);
    expect(body).toMatchObject({ model_stats: [{ version: "1" }, { version: "2" }] });
  });
});

describe("the repository", () => {
  const ready = (version: string) => ({ name: "tiny", version, state: "READY", reason: "" });

  test("says what it is", async () => {
    const { body } = await call(`${server.adminUrl}/v2`);
    expect(body).toMatchObject({ name: "attune", extensions: ["model_repository"] });
    expect(protocolProblems("metadata_server_response", body)).toEqual([]);
  });

  test("its index lists versions, with and without a body", async () => {
    for (const body of [undefined, "", "{}", '{"ready":true}']) {
      expect((await operate("index", body)).body).toEqual(expect.arrayContaining([ready("1"), ready("2")]));
    }
    expect((await operate("index", '{"ready":1}')).status).toBe(400);
    expect((await operate("index", "[")).status).toBe(400);
  });

  test("a version that is not fit is not loaded; it says why without a path, and the others answer", async () => {
    const { status, headers, body } = await operate("models/tiny/load", '{"parameters":{"version":3}}');
    expect([status, headers.get("x-attune-error")]).toEqual([400, "SERVER_MODEL_NOT_LOADED"]);
    expect(body.error).toContain("tiny was not loaded: ARTIFACT_HASH");
    expect(body.error).not.toContain(dir);
    expect((await infer("tiny")).status).toBe(200);
    const index = (await operate("index")).body;
    expect(index).toEqual(
      expect.arrayContaining([expect.objectContaining({ version: "3", state: "UNAVAILABLE" })]),
    );
    expect((await operate("index", '{"ready":true}')).body).toEqual([ready("1"), ready("2")]);
  });

  test("a version is loaded again; what an alias leads to is not unloaded", async () => {
    expect((await operate("models/tiny/load", '{"parameters":{"version":"2"}}')).body).toEqual({
      name: "tiny",
      load: true,
    });
    const { status, body } = await operate(
      "models/tiny/unload",
      '{"parameters":{"unload_dependents":false}}',
    );
    expect(status).toBe(409);
    expect(body.error).toContain("champion");
    expect(protocolProblems("inference_error_response", body)).toEqual([]);
  });

  test("a model that is not there is 404", async () => {
    expect((await operate("models/nobody/load")).status).toBe(404);
    expect((await operate("models/nobody/unload")).status).toBe(404);
  });

  test.each([
    '{"parameters":{"config":"{}"}}',
    '{"parameters":{"file:1/model.onnx":"AAAA"}}',
    '{"parameters":{"version":"01"}}',
    "[]",
  ])("%s is refused: models are loaded as they lie there", async (body) => {
    expect((await operate("models/tiny/load", body)).status).toBe(400);
  });

  test("GET is not allowed", async () => {
    const { status, headers } = await call(`${server.adminUrl}/v2/repository/index`);
    expect([status, headers.get("allow")]).toEqual([405, "POST"]);
  });
});

test("a name that none can have is not repeated", async () => {
  for (const name of ["..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "a%00b", "..%5c..", "%3Cscript%3E"]) {
    const { status, body } = await call(`${server.url}/v2/models/${name}/ready`);
    expect([status, body.error]).toEqual([
      404,
      "no model of that name is served; use a name of the server's list of models",
    ]);
  }
});
