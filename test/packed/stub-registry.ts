/** A registry that says no: the protocol's two verbs, with an answer for each. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answers {
  /** To a look at a package, by its name. */
  get(name: string): { readonly status: number; readonly body?: object };
  /** To a publication. */
  put(name: string): { readonly status: number; readonly body?: object };
}

export async function startStubRegistry(answers: Answers): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? "").slice(1)).replace(/\?.*$/, "");
    request.resume().on("end", () => {
      const { status, body = {} } = request.method === "PUT" ? answers.put(name) : answers.get(name);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
