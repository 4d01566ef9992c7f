import { once } from "node:events";
import { connect } from "node:net";
import type { Recommendation } from "@attune/contracts";
import { seeded } from "@attune/testkit";
import { expect, test } from "vitest";
import type { Server } from "./create-server.ts";
import { type Attack, drawAttack, kinds } from "./testing/attacks.ts";
import { ask, sharedServer } from "./testing/harness.ts";

/** `ATTUNE_FUZZ_COUNT=10000` for the long run. */
const attackCount = Number(process.env.ATTUNE_FUZZ_COUNT ?? 600);

/** Attacks between two good requests. */
const stride = 20;

/** What an answer must not say: where we live, how we are built. */
const secrets =
  /\/(?:tmp|home|root|work|usr|var)\/|node_modules|\.(?:ts|js|mjs):\d|\bat (?:async )?[\w.<>]+ \(|file:\/\//;

const server = sharedServer();

test("hostile requests are refused with a code, tell nothing, and the next good request is answered", async () => {
  const draws = seeded(20_261_124);
  const seen = new Set<string>();
  const good = { history: ["item-0"], k: 2 };
  const expected = (await ask<Recommendation>(server(), good)).body;
  for (let index = 0; index < attackCount; index += stride) {
    const attacks = Array.from({ length: stride }, () => drawAttack(draws));
    await Promise.all(attacks.map((attack) => expectRefused(server(), attack)));
    for (const { kind } of attacks) seen.add(kind);
    expect((await ask(server(), good)).body).toEqual(expected);
  }
  if (attackCount >= 600) expect([...seen].toSorted()).toEqual(kinds.map(([name]) => name).toSorted());
}, 600_000);

async function expectRefused(to: Server, attack: Attack): Promise<void> {
  const answer = await send(to, attack);
  const what = `${attack.kind}: ${attack.chunks[0]!.toString("latin1").slice(0, 400)}\n→ ${answer.slice(0, 600)}`;
  if (attack.hangsUp) return;
  const [head, body = ""] = answer.split("\r\n\r\n", 2) as [string, string?];
  expect(head, what).toMatch(/^HTTP\/1\.1 [45]\d\d /);
  expect(head, what).not.toMatch(/^HTTP\/1\.1 500 /);
  expect(answer, what).not.toMatch(secrets);
  const { error } = JSON.parse(body) as { error: string | { code: string; message: string } };
  const text = typeof error === "string" ? error : `${error.code} ${error.message}`;
  expect(text.length, what).toBeGreaterThan(5);
  expect(text.length, what).toBeLessThan(20_000);
}

/** Everything that comes back until the server closes; what it has said when it cuts us off while we still send. */
async function send(to: Server, { chunks, hangsUp }: Attack): Promise<string> {
  const socket = connect(to.address.port, "127.0.0.1");
  socket.setNoDelay(true);
  let answer = "";
  socket.on("data", (part) => {
    answer += part.toString("utf8");
  });
  socket.on("error", () => {});
  for (const chunk of chunks) {
    if (socket.destroyed) break;
    if (!socket.write(chunk))
      await Promise.race([once(socket, "drain"), once(socket, "close")]).catch(() => {});
  }
  if (hangsUp) socket.destroy();
  if (!socket.closed) await once(socket, "close");
  return answer;
}
