import { once } from "node:events";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFolder, type Folder } from "../testing/terminal.ts";
import { checkFolder, checkListen } from "./obstacles.ts";

const config = { name: "x", data: { events: { path: "e.csv", columns: { user: "u", item: "i" } } } };

let folder: Folder;
let other: Server;
let port: number;
beforeEach(async () => {
  folder = createFolder();
  folder.write("attune.config.json", JSON.stringify(config));
  other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  port = (other.address() as AddressInfo).port;
});
afterEach(() => {
  other.close();
  folder.remove();
});

interface Failure {
  readonly error: { readonly code: string; readonly message: string; readonly details: object };
}

async function refused(...argv: string[]): Promise<Failure["error"] & { exit: number }> {
  const { code, json } = await folder.attune(...argv);
  return { ...(json as Failure).error, exit: code };
}

describe("quickstart is refused before work starts", () => {
  test("for a port in use, under the server's own code", async () => {
    const error = await refused("quickstart", "--port", String(port));
    expect(error).toMatchObject({ code: "SERVER_PORT_IN_USE", exit: 1 });
  });

  test("not for a port that it would not listen on", async () => {
    const error = await refused("quickstart", "--port", String(port), "--no-serve");
    expect(error.code).toBe("DATA_FILE_NOT_FOUND");
  });

  test("for a host that is not this machine's", async () => {
    const error = await refused("quickstart", "--host", "192.0.2.1");
    expect(error).toMatchObject({ code: "CLI_CANNOT_START", exit: 1 });
    expect(error.message).toContain("pass --host with an address of this machine");
  });

  test("for everything at once: log level, folder and port in one error", async () => {
    folder.write(".attune", "a file where the folder should be");
    const error = await refused("quickstart", "--log-level", "loud", "--port", String(port));
    expect(error.code).toBe("CLI_CANNOT_START");
    expect(error.message).toMatch(/^cannot start quickstart:\n {2}- --log-level is one of/);
    expect(error.message).toMatch(/\.attune cannot be written .*\n {2}- port \d+ on 127\.0\.0\.1 is in use/);
  });
});

test.each(["quickstart", "prepare", "train", "export", "evaluate", "verify"])(
  "attune %s in a folder that cannot be written is refused before work starts",
  async (command) => {
    folder.write("file", "");
    const error = await refused(command, "--config", path.join("file", "attune.config.json"));
    expect(error.code).toBe("CLI_CANNOT_START");
    expect(error.message).toContain("file cannot be written");
  },
);

test("a disk without room is refused, with what is free and what is needed", async () => {
  const [obstacle, ...others] = await checkFolder(folder.dir, Number.MAX_SAFE_INTEGER);
  expect(others).toEqual([]);
  expect(obstacle?.issue).toMatch(
    /^only \d+ MB are free on the disk of .*; free at least 9007199254 MB there$/,
  );
});

test("a good folder is no obstacle and stays as it was; one that is not there is none either", async () => {
  mkdirSync(path.join(folder.dir, "empty"));
  expect(await checkFolder(path.join(folder.dir, "empty"), 1)).toEqual([]);
  expect(await checkFolder(path.join(folder.dir, "absent"), 1)).toEqual([]);
});

test("a free port is no obstacle, and free afterwards", async () => {
  expect(await checkListen("127.0.0.1", 0)).toEqual([]);
  other.close();
  await once(other, "close");
  expect(await checkListen("127.0.0.1", port)).toEqual([]);
  expect(await checkListen("127.0.0.1", port)).toEqual([]);
});
