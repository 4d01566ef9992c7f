/** Names and labels of a real server's metrics, from its admin port. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer } from "@attune/server";
import { tinyArtifact } from "@attune/testkit";
import { metricList } from "../../apps/server/src/observe/metric-list.ts";
import { parseExposition } from "../../apps/server/src/testing/parse-exposition.ts";

/** Series name, `_bucket` and the like included → its labels. */
export async function scrapedNames(): Promise<ReadonlyMap<string, readonly string[]>> {
  const dir = mkdtempSync(path.join(tmpdir(), "attune-scrape-"));
  try {
    for (const [name, bytes] of Object.entries(tinyArtifact().files))
      writeFileSync(path.join(dir, name), bytes);
    const server = await createServer({ artifactDir: dir, port: 0 });
    try {
      await server.ready;
      const exposed = parseExposition(await (await fetch(`${server.adminUrl}/metrics`)).text());
      return new Map([...exposed.values()].flatMap(({ name, type }) => seriesOf(name, type)));
    } finally {
      await server.close();
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function seriesOf(name: string, type: string): [string, readonly string[]][] {
  const { labels } = metricList[name as keyof typeof metricList];
  if (type !== "histogram") return [[name, labels]];
  return [
    [`${name}_bucket`, [...labels, "le"]],
    [`${name}_sum`, labels],
    [`${name}_count`, labels],
  ];
}
