import { expect, test } from "vitest";
import type { Heartbeat } from "../heartbeat.ts";
import type { Io } from "../io.ts";
import { withProgress } from "./progress.ts";

/** An io on a clock of its own that keeps what a terminal would get. */
function createScreen(interactive: boolean) {
  const texts: string[] = [];
  const shown: string[] = [];
  let nowMs = 0;
  const heartbeat: Heartbeat = {
    show: (line, elapsedMs) => shown.push(`${elapsedMs} ${line}`),
    wrote: () => {},
    stop: () => shown.push("stopped"),
  };
  const io: Io = {
    cwd: ".",
    env: {},
    interactive,
    json: false,
    signal: new AbortController().signal,
    now: () => nowMs,
    say: (text) => texts.push(`${text}\n`),
    draw: (text) => texts.push(text),
    heartbeat,
    result: () => {},
    print: () => {},
  };
  const pass = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  return { io, texts, shown, pass };
}

test("on a terminal a bar stands from the beginning, with seconds, and is cleared for the summary", async () => {
  const { io, texts, shown, pass } = createScreen(true);
  await withProgress(io, "train", async (update) => {
    pass(12_400);
    update(1, 4, "ease");
    return { value: undefined, summary: "done" };
  });
  expect(texts[0]).toContain("0 %  0 s");
  expect(texts[1]).toContain("25 %  12 s  ease");
  expect(texts.slice(2)).toEqual(["\r\u001b[K", "train     done (12.4 s)\n"]);
  expect(shown.at(-1)).toBe("stopped");
});

test("many updates draw a few times", async () => {
  const { io, texts, pass } = createScreen(true);
  await withProgress(io, "train", async (update) => {
    for (let done = 0; done < 1000; done++) {
      pass(1);
      update(done, 1000, "ease");
    }
    return { value: undefined, summary: "done" };
  });
  expect(texts.length).toBeLessThan(20);
});

test("in a pipe a line stands for each quarter, and the heartbeat knows what goes on", async () => {
  const { io, texts, shown, pass } = createScreen(false);
  await withProgress(io, "train", async (update) => {
    for (const done of [1, 2, 3, 4]) {
      pass(5000);
      update(done, 4, `model ${done}`);
    }
    return { value: undefined, summary: "done" };
  });
  expect(texts).toEqual([
    "train     25 % model 1\n",
    "train     50 % model 2\n",
    "train     75 % model 3\n",
    "train     done (20.0 s)\n",
  ]);
  expect(shown[0]).toBe("0 train     {seconds} s");
  expect(shown).toContain("10000 train     {seconds} s, model 2");
});

test("a step is not begun after Ctrl-C", async () => {
  const { io } = createScreen(false);
  const stopped = withProgress({ ...io, signal: AbortSignal.abort() }, "export", () =>
    Promise.reject(new Error("begun")),
  );
  await expect(stopped).rejects.toMatchObject({ code: "CLI_STOPPED", details: { before: "export" } });
});

test("an error leaves the line free and stops the heartbeat", async () => {
  const { io, texts, shown } = createScreen(true);
  const failing = withProgress(io, "train", () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect([texts.at(-1), shown.at(-1)]).toEqual(["\r\u001b[K", "stopped"]);
});
