import { mkdir, rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { silentLogger } from "../../observe/log.ts";
import { temporaryFolder } from "../../testing/artifact-folder.ts";
import { writeAliasFile } from "./alias-file.ts";
import { type Timer, watchAliasFile, watchDelays } from "./watch-alias-file.ts";

const entry = { alias: "champion", model: "movies", version: 3 };

/** Timers that run when they are told to. */
function handTimer() {
  const waiting = new Map<number, { readonly work: () => void; readonly repeats: boolean }>();
  let next = 0;
  let onSet = () => {};
  const timer: Timer = (work, delayMs, repeats) => {
    const id = next++;
    waiting.set(id, { work, repeats });
    if (delayMs === watchDelays.debounceMs) onSet();
    return () => waiting.delete(id);
  };
  return {
    timer,
    count: (repeats: boolean) => [...waiting.values()].filter((one) => one.repeats === repeats).length,
    fire(repeats: boolean) {
      for (const [id, one] of waiting) {
        if (one.repeats !== repeats) continue;
        if (!repeats) waiting.delete(id);
        one.work();
      }
    },
    /** When a change is seen and only its echo is waited for. */
    debounced: () =>
      new Promise<void>((resolve) => {
        onSet = resolve;
      }),
  };
}

function watchFolder(dir: string, timer?: Timer) {
  let onCall = () => {};
  let calls = 0;
  const watch = watchAliasFile(dir, {
    logger: silentLogger,
    ...(timer && { timer }),
    onChange() {
      calls++;
      onCall();
    },
  });
  onTestFinished(() => watch.close());
  return {
    ...watch,
    get calls() {
      return calls;
    },
    changed: () =>
      new Promise<void>((resolve) => {
        onCall = resolve;
      }),
  };
}

test("tells of a file that is renamed into place, again and again", async () => {
  const dir = await temporaryFolder();
  const watch = watchFolder(dir);
  for (const version of [3, 4, 5]) {
    const changed = watch.changed();
    await writeAliasFile(dir, [{ ...entry, version }]);
    await changed;
  }
});

test("a burst of changes is told once, and other files of the folder never", async () => {
  const dir = await temporaryFolder();
  const hand = handTimer();
  const watch = watchFolder(dir, hand.timer);
  await mkdir(join(dir, "movies"));
  await writeFile(join(dir, "notes.txt"), "nothing");
  const seen = hand.debounced();
  await writeAliasFile(dir, [entry]);
  await seen;
  await writeAliasFile(dir, [{ ...entry, version: 4 }]);
  expect(hand.count(false)).toBe(1);
  const changed = watch.changed();
  hand.fire(false);
  await changed;
  expect(watch.calls).toBe(1);
});

test("finds by polling what the system does not tell of, and nothing where nothing changed", async () => {
  const dir = await temporaryFolder();
  // A folder that is not there cannot be watched: what is left is the poll.
  const later = join(dir, "later");
  const hand = handTimer();
  const watch = watchFolder(later, hand.timer);
  await mkdir(join(dir, "made"));
  await writeAliasFile(join(dir, "made"), [entry]);
  await rename(join(dir, "made"), later);
  const changed = watch.changed();
  hand.fire(true);
  await changed;
  hand.fire(true);
  await writeAliasFile(later, [{ ...entry, version: 4 }]);
  const again = watch.changed();
  hand.fire(true);
  await again;
  expect(watch.calls).toBe(2);
});

test("a file that is older than the one before is a change as well: a clock may jump back", async () => {
  const dir = await temporaryFolder();
  await writeAliasFile(dir, [entry]);
  const hand = handTimer();
  const watch = watchFolder(dir, hand.timer);
  await writeAliasFile(dir, [{ ...entry, version: 4 }]);
  await utimes(join(dir, "aliases.json"), 1000, 1000);
  const changed = watch.changed();
  hand.fire(true);
  await changed;
  expect(watch.calls).toBe(1);
});

test("tells nothing once it is closed, and leaves no timer", async () => {
  const dir = await temporaryFolder();
  const hand = handTimer();
  const watch = watchFolder(dir, hand.timer);
  const seen = hand.debounced();
  await writeAliasFile(dir, [entry]);
  await seen;
  hand.fire(false);
  watch.close();
  expect(hand.count(true) + hand.count(false)).toBe(0);
  // What was being looked up when it closed has come back by now.
  for (let round = 0; round < 3; round++) await stat(join(dir, "aliases.json"));
  expect(watch.calls).toBe(0);
});
