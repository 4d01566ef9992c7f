/** Why a run gave no report. */

/** There is no server to hold to anything. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
  readonly url: string;

  constructor(url: string, problem: string) {
    super(`${url} cannot be reached: ${problem}; check the address and that the server runs`);
    this.url = url;
  }
}

/** The caller asked for what cannot be run. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
