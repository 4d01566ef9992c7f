import type { Tensor, ValueInfo } from "./tensor.ts";

/** Which engine runs the graph, for manifests and reports. */
export interface RuntimeInfo {
  /** `"onnxruntime-node"`, `"onnxruntime-web"`, … */
  readonly name: string;
  readonly version: string;
}

/**
 * A loaded graph: the port between Attune and an inference engine.
 *
 * Every adapter keeps the conformance suite of `@attune/testkit`.
 */
export interface Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly runtime: RuntimeInfo;
  /**
   * Runs the graph once.
   *
   * @param feeds - one tensor per graph input; the session never keeps or detaches them.
   * @param fetches - output names to compute; default all.
   * @param options - see `RunOptions`.
   * @throws {AttuneError} `RUNTIME_RUN` when the engine fails or an input is missing, unknown or of another dtype;
   * `RUNTIME_CLOSED` after `close()`.
   */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    fetches?: readonly string[],
    options?: RunOptions,
  ): Promise<Record<string, Tensor>>;
  /** Frees the engine's memory. Runs under way end first; calling it twice is fine. */
  close(): Promise<void>;
}

export interface RunOptions {
  /**
   * Tensors that the engine may overwrite with outputs, by name: of the output's dtype and of its dims in this run.
   * Where the engine can, it writes there and returns that very tensor; elsewhere it returns a new one. Never one
   * that is fed to the same run.
   */
  readonly into?: Readonly<Record<string, Tensor>>;
}

/** How a session is made from model bytes. Given as an argument to code that must not choose the runtime. */
export type CreateSession = (model: Uint8Array, options?: SessionOptions) => Promise<Session>;

export interface SessionOptions {
  /** Threads inside one operator. Default 1: no pool, the same sums each time. */
  readonly threadCount?: number;
  /**
   * Whether the engine keeps the memory of its largest run for the next ones. Default true: some percent faster, and a
   * process that once ran a large batch stays large. A server that lives long wants false. Engines that cannot choose
   * ignore it.
   */
  readonly keepsMemory?: boolean;
}
