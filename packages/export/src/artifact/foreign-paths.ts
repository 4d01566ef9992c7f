import path from "node:path";

/** Keys of the config, whatever the task, that name a file. */
const pathKeys = new Set(["path", "validationFile", "testFile"]);

/** The config as it was, but a data file outside of the project keeps its name only: artifacts travel. */
export function hideForeignPaths(config: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, key === "data" ? hideIn(value) : value]),
  );
}

function hideIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideIn);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [
      key,
      pathKeys.has(key) && typeof own === "string" ? hidePath(own) : hideIn(own),
    ]),
  );
}

function hidePath(file: string): string {
  const isForeign = path.isAbsolute(file) || file.split(/[\\/]/)[0] === "..";
  return isForeign ? path.basename(file) : file;
}
