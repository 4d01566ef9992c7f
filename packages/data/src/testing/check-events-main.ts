// A program for a test: checks the events file that it is given, in a heap that its caller bounds, then skips its bad rows.
import { dirname } from "node:path";
import { parseProjectConfig } from "@attune/contracts/config";
import { checkEvents } from "../check-events.ts";
import { prepareDataset } from "../prepare.ts";

const [, , path = ""] = process.argv;
const columns = { user: "user", item: "item", rating: "rating", time: "time" };
const config = parseProjectConfig(
  {
    name: "test",
    data: {
      events: { path, columns, badRows: "skip", maxBadRows: 1 },
      rules: { minUserEvents: 1, minItemEvents: 1 },
      split: { kind: "leave-last-out" },
    },
  },
  "the test",
);
if (config.task !== "recommend") throw new Error("not a config of recommend");
const projectDir = dirname(path);
const report = await checkEvents({ config, projectDir });
const { dir, manifest } = await prepareDataset({ config, projectDir, memoryLimitBytes: 5e8 });
process.stdout.write(JSON.stringify({ report, badRows: manifest.badRows, dir }));
