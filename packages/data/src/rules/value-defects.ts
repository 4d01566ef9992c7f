/** What can be wrong with what the engine reads, in the order of the checks: a row counts under the first that fits. */
export const valueDefects = ["json", "nul", "type", "role", "time", "rating"] as const;

export type ValueDefect = (typeof valueDefects)[number];
