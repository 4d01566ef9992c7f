import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { readTree } from "./process-tree.ts";

test("a tree holds what its children hold; a process that is not there has no reading", async () => {
  if (!existsSync("/proc/self/stat")) {
    expect(readTree(process.pid)).toBeUndefined();
    return;
  }
  const program =
    "const held = Buffer.alloc(64 << 20, 1); process.stdout.write('up'); setInterval(() => held.length, 1000)";
  const parent = spawn(process.execPath, [
    "-e",
    `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(program)}], { stdio: "inherit" }); setInterval(() => {}, 1000)`,
  ]);
  onTestFinished(() => {
    // The child first: nobody else would end it.
    spawn("sh", [
      "-c",
      `for pid in $(cat /proc/${parent.pid}/task/*/children); do kill $pid; done; kill ${parent.pid}`,
    ]);
  });
  await once(parent.stdout, "data");
  const reading = readTree(parent.pid!);
  // Two programs of some 30 MiB, and the child's buffer.
  expect(reading!.residentBytes).toBeGreaterThan(96 * 2 ** 20);
  expect(reading!.processorMs).toBeGreaterThanOrEqual(0);
  expect(readTree(2 ** 30)).toBeUndefined();
});

test("processor time grows by what was computed", () => {
  const before = readTree(process.pid);
  if (before === undefined) return;
  const until = process.cpuUsage().user + 200_000;
  while (process.cpuUsage().user < until);
  expect(readTree(process.pid)!.processorMs - before.processorMs).toBeGreaterThanOrEqual(180);
});
