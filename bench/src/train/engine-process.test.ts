import { expect, test } from "vitest";
import { EngineAbsent, startEngine } from "./engine-process.ts";
import type { Engine } from "./engines/engine.ts";

const start = { dir: "/", threads: 1 };

function engineOf(...command: Engine["command"]): Engine {
  return { name: "probe", summary: "", kind: "peer", command, firstStepLimitSeconds: 1 };
}

/** A process that answers each line by the JavaScript expression, in which `line` is the line and `at` its number. */
function answering(expression: string): Engine {
  const script = `let at = 0;
    require("node:readline").createInterface({ input: process.stdin })
      .on("line", (line) => { const answer = ${expression}; at++; if (answer) console.log(JSON.stringify(answer)); });`;
  return engineOf(process.execPath, "-e", script);
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const cause = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(cause).toBeInstanceOf(EngineAbsent);
  return (cause as EngineAbsent).message;
}

test("asks for steps, one line each way", async () => {
  const engine = answering(
    `at === 0 ? { ready: true, versions: { threads: String(JSON.parse(line).threads) } }
             : { milliseconds: 8, losses: Array(Number(line.slice(4))).fill(at) }`,
  );
  const process = await startEngine(engine, start);
  expect(process.versions).toEqual({ threads: "1" });
  expect(await process.run(2, 10)).toEqual({ milliseconds: 8, losses: [1, 1] });
  expect(await process.run(1, 10)).toEqual({ milliseconds: 8, losses: [2] });
  process.stop();
});

test("a program that is not there is absent, with its name", async () => {
  expect(await reasonOf(startEngine(engineOf("no-such-python"), start))).toBe("spawn no-such-python ENOENT");
});

test("what the engine says is missing is the reason", async () => {
  const engine = answering(`{ problem: "ModuleNotFoundError: No module named 'jax'" }`);
  expect(await reasonOf(startEngine(engine, start))).toBe("ModuleNotFoundError: No module named 'jax'");
});

test("an engine that dies leaves its exit code and last words", async () => {
  const engine = engineOf(process.execPath, "-e", `console.error("out of luck"); process.exit(3)`);
  expect(await reasonOf(startEngine(engine, start))).toBe("ended with exit code 3: out of luck");
});

test("an engine that is too slow, or leaves out losses, is stopped", async () => {
  const engine = answering(
    "at === 0 ? { ready: true, versions: {} } : at === 1 && { milliseconds: 1, losses: [] }",
  );
  const process = await startEngine(engine, start);
  expect(await reasonOf(process.run(1, 10))).toBe(`answered "run 1" with {"milliseconds":1,"losses":[]}`);
  const slow = await startEngine(answering("at === 0 && { ready: true, versions: {} }"), start);
  expect(await reasonOf(slow.run(1, 0.05))).toBe(`no answer to "run 1" within 0.05 s`);
  process.stop();
});
