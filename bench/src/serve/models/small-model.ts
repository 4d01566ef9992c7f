/** A model of 200 items, made as a project makes one: its answers cost next to nothing, so HTTP is all there is to measure. */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createRandom } from "@attune/numeric";
import { checkerboard } from "@attune/testkit";
import { BenchError } from "../../bench.ts";

const cli = fileURLToPath(new URL("../../../../packages/cli/src/main.ts", import.meta.url));
const nodeFlags = ["--disable-warning=ExperimentalWarning", "--conditions=@attune/source"];

const name = "small";

/** One colour's items for one colour's people: EASE is always better than popularity. The same seed gives the same file. */
const board = { userCount: 400, itemCount: 200, density: 0.3, seed: 7 };

const config = {
  task: "recommend",
  name,
  data: { events: { path: "events.csv", columns: { user: "user", item: "item", time: "time" } } },
  train: { models: ["ease"] },
};

/**
 * Makes it in about ten seconds.
 *
 * @param dir - an empty folder of its own.
 * @returns the folder of the artifact.
 */
export async function makeSmallModel(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const events = createRandom(board.seed).shuffle(checkerboard(board));
  const rows = events.map(({ user, item }, second) => `u${user},i${item},${second}`);
  await writeFile(join(dir, "events.csv"), `user,item,time\n${rows.join("\n")}\n`);
  await writeFile(join(dir, "attune.config.json"), JSON.stringify(config));
  for (const command of ["prepare", "train", "export"]) await attune(command, dir);
  return join(dir, ".attune", "artifacts", name, "1");
}

async function attune(command: string, dir: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [...nodeFlags, cli, command, "--config", dir], {
      maxBuffer: 16 * 2 ** 20,
    });
  } catch (cause) {
    const { stdout = "", stderr = "" } = cause as { stdout?: string; stderr?: string };
    throw new BenchError(`attune ${command} of the small model failed:\n${stdout}${stderr}`);
  }
}
