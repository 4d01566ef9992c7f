import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Call, createLane, type Runner, type ShedReason } from "./lane.ts";

/** A call that has all the time, unless told otherwise. */
const callOf = (client: unknown, changes: Partial<Call> = {}): Call => ({
  client,
  deadlineAt: performance.now() + 60_000,
  isAbandoned: () => false,
  ...changes,
});

/** A runner that answers each request with itself, and notes what ran together. */
function createEcho(hold?: Promise<void>) {
  const runs: string[][] = [];
  const runner: Runner<string, string> = {
    async run(requests) {
      runs.push([...requests]);
      await hold;
      return requests;
    },
  };
  return { runs, runner };
}

const one = (request: string, costUs = 100, entries = 1) => [{ request, costUs, entries }];

function createGate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test("requests of one turn share a run, and each gets its own answer", async () => {
  const lane = createLane({ slots: 1, maxQueueMs: 100 });
  const { runs, runner } = createEcho();
  const answers = await Promise.all(["a", "b", "c"].map((id) => lane.ask(runner, one(id), callOf(id))));
  expect(answers).toEqual([["a"], ["b"], ["c"]]);
  expect(runs).toEqual([["a", "b", "c"]]);
});

test("requests of two versions never share a run", async () => {
  const lane = createLane({ slots: 1, maxQueueMs: 100 });
  const [first, second] = [createEcho(), createEcho()];
  await Promise.all([
    lane.ask(first.runner, one("a"), callOf(1)),
    lane.ask(second.runner, one("b"), callOf(2)),
  ]);
  expect([first.runs, second.runs]).toEqual([[["a"]], [["b"]]]);
});

test("past the longest wait a request is refused at once, and nothing of it runs", async () => {
  const gate = createGate();
  const shed: ShedReason[] = [];
  const lane = createLane({ slots: 1, maxQueueMs: 1, onShed: (reason) => shed.push(reason) });
  const { runs, runner } = createEcho(gate.opened);
  const running = lane.ask(runner, one("first"), callOf(1));
  await wait(5);
  const waiting = lane.ask(runner, one("waits", 50_000), callOf(2));
  // The one that waits is not more expensive than what everybody may wait for: an equal share comes first.
  await expect(lane.ask(runner, one("last", 60_000), callOf(3))).rejects.toMatchObject({
    code: "SERVER_OVERLOADED",
    details: { retryAfterSeconds: 1 },
  });
  expect(shed).toEqual(["queue"]);
  gate.open();
  await Promise.all([running, waiting]);
  expect(runs.flat()).toEqual(["first", "waits"]);
});

test("a client that floods the lane is refused, while another's request gets in", async () => {
  const gate = createGate();
  const lane = createLane({ slots: 1, maxQueueMs: 10 });
  const { runs, runner } = createEcho(gate.opened);
  const asked = [lane.ask(runner, one("first"), callOf("flood"))];
  await wait(5);
  const refused: unknown[] = [];
  for (let index = 0; index < 100; index++) {
    const asking = lane.ask(runner, one(`flood ${index}`, 4000), callOf("flood"));
    asked.push(asking.catch((cause: unknown) => refused.push(cause) as never));
  }
  const light = lane.ask(runner, one("light", 100), callOf("light"));
  gate.open();
  await expect(light).resolves.toEqual(["light"]);
  await Promise.all(asked);
  expect(refused.length).toBeGreaterThan(50);
  expect(runs.flat().indexOf("light")).toBeLessThanOrEqual(2);
});

test("a request whose time is up is not run", async () => {
  const gate = createGate();
  const shed: ShedReason[] = [];
  const lane = createLane({ slots: 1, maxQueueMs: 1000, onShed: (reason) => shed.push(reason) });
  const { runs, runner } = createEcho(gate.opened);
  const first = lane.ask(runner, one("first"), callOf(1));
  await wait(5);
  const late = lane.ask(runner, one("late"), callOf(2, { deadlineAt: performance.now() + 10 }));
  late.catch(() => {});
  await wait(20);
  gate.open();
  await first;
  await expect(late).rejects.toMatchObject({ code: "SERVER_DEADLINE" });
  expect(runs).toEqual([["first"]]);
  expect(shed).toEqual(["deadline"]);
});

test("queued work of a caller that is gone is dropped before it runs", async () => {
  const gate = createGate();
  const shed: ShedReason[] = [];
  const lane = createLane({ slots: 1, maxQueueMs: 1000, onShed: (reason) => shed.push(reason) });
  const { runs, runner } = createEcho(gate.opened);
  const first = lane.ask(runner, one("first"), callOf(1));
  await wait(5);
  let isGone = false;
  const gone = lane.ask(
    runner,
    ["x", "y"].map((request) => ({ request, costUs: 10, entries: 1 })),
    callOf(2, { isAbandoned: () => isGone }),
  );
  gone.catch(() => {});
  isGone = true;
  gate.open();
  await first;
  await expect(gone).rejects.toMatchObject({ code: "SERVER_DEADLINE" });
  expect(runs).toEqual([["first"]]);
  expect(shed).toEqual(["abandoned"]);
});

test("a short request is let in and runs although long ones of many clients wait", async () => {
  const gate = createGate();
  const lane = createLane({ slots: 1, maxQueueMs: 10 });
  const { runs, runner } = createEcho(gate.opened);
  const asked = [lane.ask(runner, one("first"), callOf("first"))];
  await wait(5);
  for (let index = 0; index < 3; index++) {
    asked.push(lane.ask(runner, one(`long ${index}`, 6000, 500), callOf(`long ${index}`)));
  }
  asked.push(lane.ask(runner, one("short"), callOf("short")));
  gate.open();
  await Promise.all(asked);
  expect(runs.map(([request]) => request)).toEqual(["first", "short", "long 0", "long 1", "long 2"]);
});

test("clients that come later do not keep one that was let in beyond the longest wait", async () => {
  const gates = Array.from({ length: 3 }, createGate);
  const lane = createLane({ slots: 1, maxQueueMs: 10 });
  const runs: string[][] = [];
  const runner: Runner<string, string> = {
    async run(requests) {
      runs.push([...requests]);
      await gates[runs.length - 1]?.opened;
      return requests;
    },
  };
  const asked = [lane.ask(runner, one("busy", 1500), callOf("busy"))];
  await wait(2);
  // Its share is used up: whoever is new goes before it, and is of another length, so that they share no run.
  asked.push(lane.ask(runner, one("promised", 100, 600), callOf("busy")));
  await wait(15);
  asked.push(lane.ask(runner, one("new"), callOf("new")));
  for (const { open } of gates) open();
  await Promise.all(asked);
  expect(runs).toEqual([["busy"], ["promised"], ["new"]]);
});

test("when a run fails, those of its batch fail and the lane goes on", async () => {
  const lane = createLane({ slots: 1, maxQueueMs: 100 });
  const broken: Runner<string, string> = { run: () => Promise.reject(new Error("the engine failed")) };
  await expect(lane.ask(broken, one("a"), callOf(1))).rejects.toThrow("the engine failed");
  const { runner } = createEcho();
  await expect(lane.ask(runner, one("b"), callOf(1))).resolves.toEqual(["b"]);
});

test("with several slots as many batches run at the same time, and no more", async () => {
  const gate = createGate();
  const lane = createLane({ slots: 2, maxQueueMs: 10_000 });
  const { runs, runner } = createEcho(gate.opened);
  const asked = [];
  for (let index = 0; index < 4; index++) {
    asked.push(lane.ask(runner, one(`${index}`, 5000), callOf(index)));
    await wait(2);
  }
  expect(runs).toHaveLength(2);
  gate.open();
  await Promise.all(asked);
  expect(runs.flat().toSorted()).toEqual(["0", "1", "2", "3"]);
});

test("other work of the event loop takes its turn in the same order", async () => {
  const lane = createLane({ slots: 1, maxQueueMs: 100 });
  await expect(lane.work(500, () => "parsed", callOf(1))).resolves.toBe("parsed");
  await expect(
    lane.work(
      500,
      () => {
        throw new Error("not JSON");
      },
      callOf(1),
    ),
  ).rejects.toThrow("not JSON");
});
