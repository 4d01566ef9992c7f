/** What a case sends, as it goes over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** From the root of the server, percent-encoded already; nothing of it is normalised. */
  readonly path: string;
  /** Which address it goes to; default: the server's. */
  readonly to?: "server" | "admin";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Sent with `Transfer-Encoding: chunked`, so many bytes a chunk. */
  readonly chunkBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; a name that came twice has both values, with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer, or why there is none: refused, closed without a word, too late, broken off. */
export type Reply =
  | { readonly kind: "answer"; readonly answer: HttpAnswer }
  | { readonly kind: "silence"; readonly problem: string };
