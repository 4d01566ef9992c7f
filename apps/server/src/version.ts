/** This package's version, as its package.json has it. */
import { createRequire } from "node:module";

const manifest = createRequire(import.meta.url)("@attune/server/package.json") as { version: string };

export const packageVersion: string = manifest.version;
