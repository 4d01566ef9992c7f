/** One request on a connection of its own. `node:http`, as `fetch` would tidy up paths, headers and bodies that are to be bad. */
import http from "node:http";
import https from "node:https";
import type { HttpRequest, Reply } from "./http-request.ts";

export interface Address {
  /** A path in it stands before that of every request. */
  readonly url: URL;
  /** Sent with every request; those of the request win. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SendOptions {
  readonly timeoutMs: number;
}

/** Never rejects: what goes wrong is the reply. */
export function send(request: HttpRequest, address: Address, { timeoutMs }: SendOptions): Promise<Reply> {
  return new Promise((resolve) => {
    const outgoing = open(request, address);
    const timer = setTimeout(() => finish(silence(`no answer within ${timeoutMs} ms`)), timeoutMs);
    function finish(reply: Reply): void {
      clearTimeout(timer);
      resolve(reply);
      outgoing.destroy();
    }
    outgoing.on("error", (error) => finish(silence(reasonOf(error))));
    outgoing.on("response", (incoming) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("error", () => finish(silence("the answer broke off")));
      incoming.on("end", () => {
        const headers = Object.entries(incoming.headersDistinct).map(([name, values = []]) => [
          name,
          values.join(", "),
        ]);
        const body = Buffer.concat(parts);
        finish({
          kind: "answer",
          answer: { status: incoming.statusCode!, headers: Object.fromEntries(headers), body },
        });
      });
    });
    write(outgoing, request);
  });
}

function open(
  { method, path, headers, body, chunkBytes }: HttpRequest,
  address: Address,
): http.ClientRequest {
  const { url } = address;
  const length: Record<string, string> = {};
  if (chunkBytes !== undefined) length["transfer-encoding"] = "chunked";
  else if (body !== undefined || method === "POST") length["content-length"] = String(body?.length ?? 0);
  return (url.protocol === "https:" ? https : http).request({
    // Brackets belong to the address of version 6 in a URL only.
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? undefined : url.port,
    path: url.pathname.replace(/\/+$/, "") + path,
    method,
    headers: { ...length, ...address.headers, ...headers },
    agent: false,
  });
}

function write(outgoing: http.ClientRequest, { body, chunkBytes }: HttpRequest): void {
  if (body === undefined || chunkBytes === undefined) {
    outgoing.end(body);
    return;
  }
  for (let at = 0; at < body.length; at += chunkBytes) outgoing.write(body.subarray(at, at + chunkBytes));
  outgoing.end();
}

function silence(problem: string): Reply {
  return { kind: "silence", problem };
}

function reasonOf(error: Error & { readonly code?: string }): string {
  switch (error.code) {
    case "ECONNREFUSED":
      return "nothing listens there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no host of that name";
    case "ECONNRESET":
    case "EPIPE":
      return "the connection was closed without an answer";
    default:
      return error.message || String(error.code);
  }
}
