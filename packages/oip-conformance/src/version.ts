/** This package's name and version, as its package.json has them. */
import { createRequire } from "node:module";

const manifest = createRequire(import.meta.url)("@attune/oip-conformance/package.json") as {
  name: string;
  version: string;
};

export const kit = { name: manifest.name, version: manifest.version };
