import { fastify } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { addAccess, createAccess } from "./access.ts";
import { parseKeys } from "./parse-keys.ts";

// `inject` gives the address of the caller, which a test on one machine cannot choose.
async function ask(remoteAddress: string, keys: string | undefined, headers = {}): Promise<number> {
  const app = fastify();
  onTestFinished(() => app.close());
  const access = createAccess({ keys: keys === undefined ? [] : parseKeys(keys, "test") });
  await addAccess(app, access, "admin");
  app.setErrorHandler((error: { code?: string }, _, reply) => reply.status(403).send(error.code));
  app.post("/admin", { config: { group: "admin" } }, async () => "done");
  return (await app.inject({ method: "POST", url: "/admin", remoteAddress, headers })).statusCode;
}

test.each(["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])(
  "without a key of the group admin, %s is this machine",
  async (address) => {
    expect(await ask(address, undefined)).toBe(200);
  },
);

test.each(["10.0.0.7", "192.168.1.2", "::ffff:10.0.0.7", "2001:db8::1", "172.17.0.1"])(
  "without a key of the group admin, %s is refused",
  async (address) => {
    expect(await ask(address, undefined)).toBe(403);
  },
);

test("with one, every address may ask that has it", async () => {
  const key = "admin-key-0123456789";
  const text = JSON.stringify({ keys: [{ id: "ops", key, groups: ["admin"] }] });
  expect(await ask("10.0.0.7", text, { "x-api-key": key })).toBe(200);
});
