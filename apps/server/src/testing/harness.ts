/** What the server's tests share: real artifacts in temporary folders, real servers on free ports, real HTTP. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyArtifact } from "@attune/testkit";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { createServer, type Server, type ServerOptions } from "../create-server.ts";

/** As much of an artifact as a folder needs. */
interface Files {
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const prefix = join(tmpdir(), "attune-server-");

/** A temporary folder, gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(prefix);
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** An artifact's files in a temporary folder, gone after the test. */
export async function artifactFolder(artifact: Files = tinyArtifact()): Promise<string> {
  const dir = await writeArtifact(artifact);
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function writeArtifact({ files }: Files): Promise<string> {
  const dir = await mkdtemp(prefix);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(dir, name), bytes);
  return dir;
}

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

async function readJson<T>(response: Response): Promise<JsonAnswer<T>> {
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as T };
}
