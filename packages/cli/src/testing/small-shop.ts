/** A project that trains in no time: forty people, a dozen things, no time column. */
import type { Folder } from "./terminal.ts";

/** @param more - further keys of the config; popularity alone is asked for unless they name models. */
export function writeSmallShop(folder: Folder, more: object = {}): void {
  const rows = Array.from(
    { length: 600 },
    (_, index) => `u${index % 40},i${(index * index + 3 * index) % 23}`,
  );
  folder.write("events.csv", `user,item\n${rows.join("\n")}\n`);
  const data = {
    events: { path: "events.csv", columns: { user: "user", item: "item" } },
    split: { kind: "random" },
  };
  const config = { name: "shop", data, train: { models: ["popularity"] }, ...more };
  folder.write("attune.config.json", JSON.stringify(config));
}
