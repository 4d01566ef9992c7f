/** A place for one open version: counts who uses it, and closes it when it is to go and the last one is done. */

export type SlotState = "loading" | "ready" | "retiring";

export interface Slot<Version> {
  readonly name: string;
  readonly version: number;
  readonly served: Version;
  /** `loading` until names lead here. */
  readonly state: SlotState;
  /** Names lead here from now on. */
  open(): void;
  /** @returns what to call when done; calling it twice is fine. */
  acquire(): () => void;
  /** Nothing leads here any more. Resolves when the version is closed. Twice is fine. */
  retire(): Promise<void>;
}

/** @param served - the slot closes it. */
export function createSlot<Version extends { close(): Promise<void> }>(
  name: string,
  version: number,
  served: Version,
): Slot<Version> {
  let state: SlotState = "loading";
  let leaseCount = 0;
  let onIdle = () => {};
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    if (leaseCount > 0) {
      await new Promise<void>((resolve) => {
        onIdle = resolve;
      });
    }
    await served.close();
  }

  return {
    name,
    version,
    served,
    get state() {
      return state;
    },
    open() {
      if (state === "loading") state = "ready";
    },
    acquire() {
      leaseCount++;
      let isReleased = false;
      return () => {
        if (isReleased) return;
        isReleased = true;
        leaseCount--;
        if (leaseCount === 0) onIdle();
      };
    },
    retire() {
      state = "retiring";
      closing ??= close();
      return closing;
    },
  };
}
