/** Serves folders on the loopback interface, with the types and headers a page with wasm and a module worker needs. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { pipeline } from "node:stream/promises";

/** A server under way. */
export interface StaticServer {
  /** `http://127.0.0.1:<port>`, without a last slash. */
  readonly url: string;
  close(): Promise<void>;
}

export interface StaticServerOptions {
  /** URL prefix → folder. The longest prefix that fits wins: `{ "/": page, "/artifact/": artifact }`. */
  readonly folders: Readonly<Record<string, string>>;
  /** Send COOP and COEP, so that the page is cross-origin isolated. Default true. */
  readonly isolated?: boolean;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const isolationHeaders = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};

/** Listens on 127.0.0.1, any free port. Only GET and HEAD of plain files below the folders are answered. */
export async function serveFolders({ folders, isolated = true }: StaticServerOptions): Promise<StaticServer> {
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const server = createServer(async (request, response) => {
    response.setHeader(
      "cache-control",
      (request.url ?? "").includes("assets/") ? "public, max-age=3600, immutable" : "no-cache",
    );
    if (isolated)
      for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
    try {
      await answer(request, response, prefixes, folders);
    } catch {
      // The browser left in the middle of a file, or the file went away: nothing can be sent any more.
      response.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  prefixes: readonly string[],
  folders: Readonly<Record<string, string>>,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405);
  const file = resolveFile(request.url ?? "/", prefixes, folders);
  const stats = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || stats === undefined || !stats.isFile()) return end(response, 404);
  response.statusCode = 200;
  response.setHeader("content-type", contentTypes[path.extname(file)] ?? "application/octet-stream");
  response.setHeader("content-length", stats.size);
  if (request.method === "HEAD") response.end();
  else await pipeline(createReadStream(file), response);
}

/** `undefined` for a path outside the folders or one that cannot be decoded. */
function resolveFile(
  target: string,
  prefixes: readonly string[],
  folders: Readonly<Record<string, string>>,
): string | undefined {
  let pathname: string;
  try {
    pathname = decodeURIComponent(target.split(/[?#]/, 1)[0]!);
  } catch {
    return undefined;
  }
  const prefix = prefixes.find((candidate) => pathname.startsWith(candidate));
  if (prefix === undefined || pathname.includes("\0")) return undefined;
  const folder = path.resolve(folders[prefix]!);
  const rest = pathname.slice(prefix.length);
  const file = path.join(folder, rest === "" || rest.endsWith("/") ? `${rest}index.html` : rest);
  return file.startsWith(folder + path.sep) ? file : undefined;
}

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}
