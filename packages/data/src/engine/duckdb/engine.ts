/** DuckDB as the engine. Its native binary is loaded at first use: a machine without one still runs all else. */
import { createRequire } from "node:module";
import { AttuneError } from "@attune/contracts";
import type { EngineFactory } from "../engine.ts";

/**
 * DuckDB, embedded. Needs no network and no extension. Both `version` and `open` throw `DATA_ENGINE` where the npm
 * package of the platform's binary is missing or does not load.
 */
export const duckdbEngine: EngineFactory = {
  name: "duckdb",
  get version() {
    return loadBindings().library_version();
  },
  async open(options) {
    loadBindings();
    const { openDuckdb } = await import("./open.ts");
    return openDuckdb(options);
  },
};

function loadBindings(): typeof import("@duckdb/node-bindings") {
  try {
    return createRequire(import.meta.url)("@duckdb/node-bindings");
  } catch (cause) {
    const [line] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    const reason =
      `its binary does not load on ${process.platform}/${process.arch} (${line}); install the dependencies again ` +
      "with the optional ones, and look whether @duckdb/node-bindings has this platform";
    throw new AttuneError("DATA_ENGINE", { step: "loading DuckDB", reason }, { cause });
  }
}
