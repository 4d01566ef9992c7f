import { expect, onTestFinished, test } from "vitest";
import { EngineAbsent } from "../engine-absent.ts";
import { startProcess } from "./start-process.ts";

const read = (line: string) => {
  if (line.startsWith("problem ")) return { problem: line.slice(8) };
  return line.startsWith("ready ") ? { ready: line.slice(6) } : undefined;
};

const start = (program: string) =>
  startProcess([process.execPath, "-e", program], { stream: "stdout", read });

test("waits for the line that says so, and ends the process when told", async () => {
  const { pid, ready, stop } = await start(
    `console.log("a log line"); console.log("ready at 80"); setInterval(() => {}, 1000)`,
  );
  onTestFinished(stop);
  expect(ready).toBe("at 80");
  await stop();
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("a process that says why it cannot, or ends before it is ready, is absent with the reason", async () => {
  const saying = start(`console.log("problem no module named fastapi"); setInterval(() => {}, 1000)`);
  await expect(saying).rejects.toThrow(EngineAbsent);
  await expect(saying).rejects.toThrow("no module named fastapi");
  const dying = start(`console.error("no such model"); process.exit(3)`);
  await expect(dying).rejects.toThrow("ended with exit code 3: no such model");
});

test("a program that is not there is absent", async () => {
  await expect(startProcess(["no-such-program"], { stream: "stdout", read })).rejects.toThrow(EngineAbsent);
});
