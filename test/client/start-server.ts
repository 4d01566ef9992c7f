/** Servers for the client's tests: the real one over an artifact, and a peer that answers what a test says. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createPeer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer, type Server, type ServerOptions } from "@attune/server";
import { onTestFinished } from "vitest";

/** Ready, on a free port. */
export async function serve(
  files: Readonly<Record<string, Uint8Array>>,
  options: Partial<ServerOptions> = {},
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const artifactDir = await mkdtemp(path.join(tmpdir(), "attune-client-"));
  for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(artifactDir, name), bytes);
  const server: Server = await createServer({ artifactDir, port: 0, adminPort: "off", ...options });
  await server.ready;
  const stop = async () => {
    await server.close();
    await rm(artifactDir, { recursive: true });
  };
  return { url: server.url, stop };
}

export interface PeerAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** As JSON, or as it is when it is a text. */
  readonly body?: unknown;
}

export interface Peer {
  readonly url: string;
  /** The requests so far. */
  readonly seen: readonly {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage["headers"];
  }[];
}

/** Answers one after the other, the last one for good; `"hang"` never, `"reset"` by closing the connection. */
export async function peer(...answers: readonly (PeerAnswer | "hang" | "reset")[]): Promise<Peer> {
  const seen: { method: string; url: string; headers: IncomingMessage["headers"] }[] = [];
  const server = createPeer((request, response) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)]!;
    seen.push({ method: request.method!, url: request.url!, headers: request.headers });
    if (answer === "reset") request.socket.destroy();
    else if (answer !== "hang") {
      const { status, headers, body = {} } = answer;
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** What the server says of a failure. */
export const failure = (code: string, details: object = {}) => ({
  error: { code, message: `said ${code}`, details, requestId: "r-1" },
});
