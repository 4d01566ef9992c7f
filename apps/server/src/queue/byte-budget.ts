/** Bytes of bodies and answers that the server holds at once: what bounds its memory when many send much. */

export interface ByteBudget {
  /** Held now. */
  readonly inFlight: number;
  /** Whether so many more may be held. */
  hasRoom(bytes: number): boolean;
  /** Counts bytes in, whether there is room or not: what is there already must be counted. */
  hold(bytes: number): void;
  release(bytes: number): void;
}

/** @param limit - bytes, > 0. One body is taken even where it alone is larger. */
export function createByteBudget(limit: number): ByteBudget {
  let inFlight = 0;
  return {
    get inFlight() {
      return inFlight;
    },
    hasRoom: (bytes) => inFlight === 0 || inFlight + bytes <= limit,
    hold(bytes) {
      inFlight += bytes;
    },
    release(bytes) {
      inFlight -= bytes;
    },
  };
}
