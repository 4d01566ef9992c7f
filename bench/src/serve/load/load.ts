/** The parent's side of the load generator. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { BenchError } from "../../bench.ts";
import { loadCore, onCore } from "../processes/pinning.ts";
import type { LoadOrder, LoadProblem, LoadReport } from "./protocol.ts";

const generator = fileURLToPath(new URL("./generator.ts", import.meta.url));

export interface Load {
  /** @throws {BenchError} for any answer that is not 200. */
  run(order: Omit<LoadOrder, "connections">): Promise<LoadReport>;
  stop(): void;
}

export function startLoad(connections: number): Load {
  const [program, ...args] = onCore(loadCore, [
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    generator,
  ]);
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit").then(([code]) => {
    throw new BenchError(`the load generator ended with exit code ${code}`);
  });
  ended.catch(() => undefined);
  return {
    async run(order) {
      child.send({ ...order, connections } satisfies LoadOrder);
      const [report] = (await Promise.race([once(child, "message"), ended])) as [LoadReport | LoadProblem];
      if ("problem" in report) {
        throw new BenchError(`${order.path} failed under load: ${report.problem}`);
      }
      return report;
    },
    stop: () => void child.kill(),
  };
}
