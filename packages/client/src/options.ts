/** What a client and a call are made with. */

export interface BatchOptions {
  /** Calls in one body, 2 to 256. Default 32. */
  readonly maxRequests?: number;
  /** How long the first call waits for others, in milliseconds. Default 2. */
  readonly waitMs?: number;
  /** Sum of `k` over the calls of one body: the server's `maxSlateItems`. Default 10,000. */
  readonly maxItems?: number;
}

export interface ClientOptions {
  /** Where the server is, with the path of a proxy if there is one: `https://scores.example/attune`. */
  readonly baseUrl: string;
  /** Sent as a bearer token, where the server has keys. */
  readonly apiKey?: string;
  /** An alias or a model's name, for every call that names none. Default: the server's own. */
  readonly model?: string;
  /** Time of a call with all its tries, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /** Tries after the first. Default 2. */
  readonly retries?: number;
  /** Time that the waits between the tries of one call may take together, in milliseconds. Default 2,000. */
  readonly retryBudgetMs?: number;
  /** Joins calls that come within a few milliseconds into one body. Default: each call is a request of its own. */
  readonly batch?: BatchOptions;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
  /** Milliseconds that only grow. Default: `performance.now`. */
  readonly clock?: () => number;
  /** Resolves after so many milliseconds, or rejects when the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** In [0, 1), for the waits between tries. Default: `Math.random`. */
  readonly random?: () => number;
}

export interface CallOptions {
  /** Instead of the client's. */
  readonly timeoutMs?: number;
  /** Ends the call: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Instead of the client's. */
  readonly model?: string;
  /** 1 to 256 characters. Decides between the versions of an alias that splits traffic: a user's id, for example. */
  readonly routingKey?: string;
}

/** Without anything left open. */
export type Settings = Required<Omit<ClientOptions, "apiKey" | "model" | "batch">> &
  Pick<ClientOptions, "apiKey" | "model" | "batch">;
