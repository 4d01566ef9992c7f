/** DuckDB, by an answer. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Check } from "./check.ts";

export const databaseCheck: Check = {
  name: "duckdb",
  needed: "init, prepare",
  async run() {
    // Imported here: a package that does not load is what this check is to find.
    const { dialectSql, duckdbEngine } = await import("@attune/data");
    const tempDir = await mkdtemp(path.join(tmpdir(), "attune-doctor-"));
    try {
      const engine = await duckdbEngine.open({ tempDir, memoryLimitBytes: 1e8 });
      try {
        for await (const { columns } of engine.stream(dialectSql("select 42::integer")))
          if (columns[0]?.data[0] === 42) return `${duckdbEngine.version} answers`;
      } finally {
        await engine.close();
      }
      throw new Error("it does not answer a query; install the dependencies again, or report this machine");
    } finally {
      await rm(tempDir, { recursive: true, force: true });
    }
  },
};
