/** The protocol on a server as it is started: who answers where, and what it says while it is not ready. */
import { strings } from "@attune/testkit";
import { describe, expect, test } from "vitest";
import { sharedServer, startReadyServer } from "../testing/harness.ts";
import { sharedApp } from "./testing/oip-app.ts";
import { askJson } from "./testing/oip-client.ts";
import { protocolProblems } from "./testing/protocol-schemas.ts";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly error?: string };
}

async function call(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer["body"],
  };
}

const question = JSON.stringify({
  inputs: [{ name: "history", shape: [1, 0], datatype: "BYTES", data: [] }],
});

describe("a server", () => {
  const server = sharedServer();

  test("infers on its public port", async () => {
    const { status, headers } = await call(`${server().url}/v2/models/tiny/infer`, {
      method: "POST",
      body: question,
    });
    expect([status, headers.get("x-attune-model")]).toEqual([200, "tiny/1"]);
  });

  test("shows its repository to operators only", async () => {
    const index = (url: string) => call(`${url}/v2/repository/index`, { method: "POST" });
    expect(await index(server().adminUrl!)).toMatchObject({
      status: 200,
      body: [{ name: "tiny", version: "1", state: "READY", reason: "" }],
    });
    const { status, body } = await index(server().url);
    expect(status).toBe(404);
    expect(protocolProblems("inference_error_response", body)).toEqual([]);
  });

  test("answers in the protocol's shape also where no route was looked up", async () => {
    for (const path of ["/v2/models/%zz", `/v2/models/${"a".repeat(500)}/ready`]) {
      const { status, headers, body } = await call(`${server().url}${path}`);
      expect([status, headers.get("content-type")]).toEqual([404, "application/json"]);
      expect(protocolProblems("inference_error_response", body)).toEqual([]);
    }
  });

  test("keeps its own error shape outside of the protocol", async () => {
    const { body } = await call(`${server().url}/v1/nothing`);
    expect(body).toMatchObject({ error: { code: "SERVER_NOT_FOUND" } });
  });
});

test("an answer to a page of another origin varies by origin and by coding", async () => {
  const server = await startReadyServer({ allowOrigin: ["https://shop.example"] });
  const inputs = [{ name: "history", shape: [20, 0], datatype: "BYTES", data: [] }];
  const init = {
    method: "POST",
    body: JSON.stringify({ inputs }),
    headers: { origin: "https://shop.example" },
  };
  const { status, headers } = await call(`${server.url}/v2/models/tiny/infer`, init);
  expect([status, headers.get("access-control-allow-origin")]).toEqual([200, "https://shop.example"]);
  expect(headers.get("vary")?.toLowerCase().split(/, */).toSorted()).toEqual(["accept-encoding", "origin"]);
});

describe("time and readiness", () => {
  const app = sharedApp();
  const tensors = { history: strings(["item-1"], [1, 1]) };

  test("a timeout that is over before the model runs is 503, with the time to wait", async () => {
    const { status, headers, body } = await askJson(app(), tensors, { parameters: { timeout: 1 } });
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
    expect(headers.get("x-attune-error")).toMatch(/^SERVER_(OVERLOADED|DEADLINE)$/);
    expect(protocolProblems("inference_error_response", body)).toEqual([]);
  });

  test("a timeout of 0 is none", async () => {
    const { status } = await askJson(app(), tensors, { parameters: { timeout: 0 } });
    expect(status).toBe(200);
  });

  test("more items than one answer may hold are refused", async () => {
    const history = strings(new Array(256).fill("item-1"), [256, 1]);
    const k = { name: "k", shape: [1], datatype: "INT64", data: [100] };
    const inputs = [{ name: "history", shape: history.dims, datatype: "BYTES", data: history.data }, k];
    const { status, body } = await call(`${app().url}/v2/models/tiny/infer`, {
      method: "POST",
      body: JSON.stringify({ inputs }),
    });
    expect([status, body.error]).toEqual([400, expect.stringContaining("25600 items together")]);
  });

  test("while draining it is live and answers, but is not ready", async () => {
    app().readiness.drain();
    const { url } = app();
    const { status, headers, body } = await call(`${url}/v2/health/ready`);
    expect([status, headers.get("retry-after"), body.error]).toEqual([
      503,
      "1",
      expect.stringContaining("draining"),
    ]);
    expect((await call(`${url}/v2/health/live`)).status).toBe(200);
    expect((await call(`${url}/v2/models/tiny/infer`, { method: "POST", body: question })).status).toBe(200);
  });
});
