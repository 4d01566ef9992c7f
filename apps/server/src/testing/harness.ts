/** What the server's tests share: real artifacts in temporary folders, real servers on free ports, real HTTP. */
import { rm } from "node:fs/promises";
import { tinyArtifact } from "@attune/testkit";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { createServer, type Server } from "../create-server.ts";
import type { ServerOptions } from "../server-options.ts";
import { artifactFolder, type Files, writeArtifact } from "./artifact-folder.ts";
import { type ExposedMetric, parseExposition } from "./parse-exposition.ts";

export { artifactFolder, temporaryFolder } from "./artifact-folder.ts";

/** A server on a free port, closed after the test. Not necessarily ready. */
export async function startServer(options: Partial<ServerOptions> = {}): Promise<Server> {
  const artifactDir = options.artifactDir ?? (await artifactFolder());
  const server = await createServer({ port: 0, drainMs: 2000, ...options, artifactDir });
  onTestFinished(() => server.close());
  return server;
}

/** A server that is ready. */
export async function startReadyServer(options: Partial<ServerOptions> = {}): Promise<Server> {
  const server = await startServer(options);
  await server.ready;
  return server;
}

/** One ready server for all tests of a file; give it only requests that leave no trace. */
export function sharedServer(artifact: Files = tinyArtifact()): () => Server {
  let server: Server;
  let dir: string;
  beforeAll(async () => {
    dir = await writeArtifact(artifact);
    server = await createServer({ port: 0, artifactDir: dir });
    await server.ready;
  });
  afterAll(async () => {
    await server.close();
    await rm(dir, { recursive: true });
  });
  return () => server;
}

/** An answer with its JSON body. */
export interface JsonAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface ErrorAnswer {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly requestId: string;
    readonly details?: unknown;
  };
}

/** Sends a body as it is, as JSON unless `headers` say otherwise. */
export async function post<T = unknown>(
  server: Server,
  body: string | Uint8Array | undefined,
  headers: Record<string, string> = { "content-type": "application/json" },
  path = "/v1/recommend",
): Promise<JsonAnswer<T>> {
  const init = { method: "POST", headers, ...(body === undefined ? {} : { body: body as string }) };
  return readJson(await fetch(`${server.url}${path}`, init));
}

/** Asks with a value as JSON. */
export function ask<T = unknown>(server: Server, request: unknown, path?: string): Promise<JsonAnswer<T>> {
  return post(server, JSON.stringify(request), undefined, path);
}

export async function get<T = unknown>(
  server: Server,
  path: string,
  init?: RequestInit,
): Promise<JsonAnswer<T>> {
  return readJson(await fetch(`${server.url}${path}`, init));
}

/** The metrics of a server, as its admin port tells them. */
export async function scrape({ adminUrl }: Server): Promise<ReadonlyMap<string, ExposedMetric>> {
  return parseExposition(await (await fetch(`${adminUrl}/metrics`)).text());
}

async function readJson<T>(response: Response): Promise<JsonAnswer<T>> {
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as T };
}
