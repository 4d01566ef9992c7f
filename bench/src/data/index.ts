/** `pnpm bench data`: writes a project of synthetic events, to see what size costs. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { type Bench, BenchError, type BenchResult } from "../bench.ts";
import { type EventsOptions, generateEvents } from "./generate-events.ts";

const options = {
  out: { type: "string" },
  events: { type: "string", default: "1000000" },
  items: { type: "string", default: "40000" },
  users: { type: "string", default: "30000" },
  seed: { type: "string", default: "1" },
} as const;

export const dataBench: Bench = {
  name: "data",
  summary: "writes events.csv and attune.config.json of seeded synthetic events, for runs at size",
  flags: [
    "--out DIR         where to",
    "--events N        about so many (1000000)",
    "--items N         of the catalogue (40000)",
    "--users N         (30000)",
    "--seed N          (1)",
  ],
  keepsResult: false,
  async run(argv, say) {
    const { dir, size } = parseFlags(argv);
    await mkdir(dir, { recursive: true });
    const written = await writeEvents(join(dir, "events.csv"), size);
    await writeFile(join(dir, "attune.config.json"), `${JSON.stringify(config, null, 2)}\n`);
    say(`${written.events} events of ${size.users} people and ${size.items} items in ${dir}`);
    return { ...size, ...written };
  },
};

/** Everything else is left at its default. */
const config = {
  task: "recommend",
  name: "synthetic",
  data: { events: { path: "events.csv", columns: { user: "user", item: "item", time: "time" } } },
};

/** Bytes are handed on in pieces of about this size. */
const pieceChars = 1 << 18;

async function writeEvents(path: string, size: EventsOptions): Promise<BenchResult> {
  const hash = createHash("sha256");
  let events = 0;
  function* lines(): Generator<string> {
    let piece = "user,item,time\n";
    for (const { user, items, times } of generateEvents(size)) {
      for (let e = 0; e < items.length; e++) piece += `u${user},i${items[e]},${times[e]}\n`;
      events += items.length;
      if (piece.length < pieceChars) continue;
      hash.update(piece);
      yield piece;
      piece = "";
    }
    hash.update(piece);
    yield piece;
  }
  await pipeline(lines, createWriteStream(path));
  return { events, sha256: hash.digest("hex") };
}

/** @throws {BenchError} for a flag that is missing or no size. */
function parseFlags(argv: readonly string[]): { dir: string; size: EventsOptions } {
  const { out, ...sizes } = parseArgs({ args: [...argv], options }).values;
  if (out === undefined) throw new BenchError("--out DIR is required: where the project is written");
  const count = (name: keyof typeof sizes, least: number) => {
    const value = Number(sizes[name]);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new BenchError(`--${name} ${sizes[name]}: expected a whole number of at least ${least}`);
  };
  const size = {
    events: count("events", 1),
    items: count("items", 16),
    users: count("users", 1),
    seed: count("seed", 0),
  };
  return { dir: resolve(out), size };
}
