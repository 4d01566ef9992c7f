/** The bare engine: a `session.run` loop in a process that does nothing else. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { describeVersions } from "../../machine.ts";
import { EngineAbsent } from "../engine-absent.ts";
import type { LoadReport } from "../load/protocol.ts";
import { engineCore, onCore } from "../processes/pinning.ts";
import type { BareOrder, BareReply } from "./bare-protocol.ts";
import type { ServeEngine, Slate } from "./engine.ts";

const loop = fileURLToPath(new URL("./bare-loop.ts", import.meta.url));
/** Where a program without a file finds its packages. */
const packageDir = fileURLToPath(new URL("../../..", import.meta.url));

export const bare: ServeEngine = {
  name: "bare",
  summary: "a session.run loop on onnxruntime-node, feeds made beforehand, no HTTP",
  forms: [""],
  async start({ path, requests }) {
    const source = stripTypeScriptTypes(await readFile(loop, "utf8"));
    const [program, ...args] = onCore(engineCore, [
      process.execPath,
      "--input-type=module",
      "--eval",
      source,
      path,
    ]);
    const child = spawn(program, args, { cwd: packageDir, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const receive = createReceiver(child);
    await receive();
    const order = (message: BareOrder) => {
      child.send(message);
      return receive();
    };
    let isPrepared = false;
    return {
      pid: child.pid!,
      versions: describeVersions(["onnxruntime-node"]),
      ask: async (request) => (await order({ request })) as Slate,
      async measure(seconds) {
        if (!isPrepared) await order({ requests });
        isPrepared = true;
        return (await order({ seconds })) as LoadReport;
      },
      async stop() {
        const ended = once(child, "exit");
        child.kill();
        await ended;
      },
    };
  },
};

function createReceiver(child: ChildProcess): () => Promise<BareReply> {
  const ended = once(child, "exit").then(([code]) => {
    throw new EngineAbsent(`the bare loop ended with exit code ${code}`);
  });
  ended.catch(() => undefined);
  return async () => {
    const [reply] = (await Promise.race([once(child, "message"), ended])) as [BareReply];
    return reply;
  };
}
