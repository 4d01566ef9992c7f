import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createHeartbeat, secondsMark } from "./heartbeat.ts";
import { createFolder, type Folder } from "./testing/terminal.ts";

let folder: Folder;
let file: string;
let fd: number;
beforeEach(() => {
  folder = createFolder();
  file = path.join(folder.dir, "out.txt");
  fd = openSync(file, "a");
});
afterEach(() => {
  closeSync(fd);
  folder.remove();
});

const written = () => readFileSync(file, "utf8");

/** Computes, as far as the event loop can tell, until the file says something. */
function blockUntil(found: (text: string) => boolean): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (!found(written())) Atomics.wait(never, 0, 0, 10);
}

test("a step that blocks the event loop is not silent", () => {
  const heartbeat = createHeartbeat({ fd, terminal: false, everyMs: 20 });
  heartbeat.show(`train ${secondsMark} s, ease`, 61_000);
  blockUntil((text) => text.split("\n").length > 3);
  heartbeat.stop();
  expect(written().split("\n")[0]).toMatch(/^train 6\d s, ease$/);
});

test("on a terminal the line is drawn as it is, without a new line", () => {
  const heartbeat = createHeartbeat({ fd, terminal: true, everyMs: 20 });
  heartbeat.show(`\rtrain ${secondsMark} s`, 0);
  blockUntil((text) => text.length > 20);
  heartbeat.stop();
  expect(written()).toMatch(/^(\rtrain \d+ s)+$/);
});

test("nothing is written after a step has stopped, and the next one has its own line", async () => {
  const heartbeat = createHeartbeat({ fd, terminal: false, everyMs: 10 });
  heartbeat.show("first", 0);
  blockUntil((text) => text !== "");
  heartbeat.stop();
  const before = written();
  await wait(100);
  expect(written()).toBe(before);
  heartbeat.show("second", 0);
  blockUntil((text) => text.length > before.length);
  heartbeat.stop();
  expect(written().slice(before.length)).toMatch(/^(second\n)+$/);
});
