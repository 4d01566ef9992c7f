/** A Parquet file for a test, from a CSV text of four columns and a query in the engine's own SQL. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { duckdbEngine } from "../engine/duckdb/engine.ts";

/** @param select - over `c0` to `c3`, the columns of `csv`. */
export async function writeParquet(
  project: { dir: string },
  name: string,
  csv: string,
  select: string,
): Promise<void> {
  writeFileSync(join(project.dir, "source.csv"), csv);
  const engine = await duckdbEngine.open({ tempDir: project.dir, memoryLimitBytes: 5e8 });
  const path = join(project.dir, "source.csv");
  await engine.importFile("source", { format: "csv", path, columnCount: 4, positions: [0, 1, 2, 3] });
  await engine.write(join(project.dir, name), {
    chunks: [{ text: `select ${select} from source order by row_id`, origin: "dialect" }],
  });
  await engine.close();
  rmSync(path);
}
